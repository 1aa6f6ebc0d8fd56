// SPDX-License-Identifier: Apache-2.0
// The samples of handlers/cgi, with the settings that stand beside them, behind the events of a Function URL.
#include "event/fixture.h"
#include "event/http/envelope.h"
#include "event/http/http_event.h"
#include "support/bootstrap_process.h"
#include "support/paths.h"
#include "support/process_tools.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace {

using event::HttpRequest;
using event::HttpResponse;
using event_tests::get;
using event_tests::multiset_of;
using event_tests::spool_of;
using event_tests::text_of;

class CgiSamplesTest : public testing::Test {
 protected:
  void start(const std::string& handler, std::map<std::string, std::string> environment = {}) {
    std::filesystem::copy(support::source_dir() + "/handlers/cgi", bootstrap_.task_root.path(),
                          std::filesystem::copy_options::recursive);
    bootstrap_.start({.handler = handler, .arguments = {}, .environment = std::move(environment)});
  }

  HttpResponse ask(const HttpRequest& request) {
    const auto posted = bootstrap_.invoke(text_of(*event::to_event(request, {"id"})));
    EXPECT_TRUE(posted.path.ends_with("/response")) << posted.body;
    auto response = event::parse_envelope(posted.body, request.source);
    if (response) return *std::move(response);
    ADD_FAILURE() << response.error().message << ": " << posted.body;
    return {};
  }

  support::BootstrapProcess bootstrap_;
};

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

HttpRequest post(const std::string& path, const std::string& body, const std::string& type) {
  auto request = get(path);
  request.method = "POST";
  request.headers.push_back({"content-type", type});
  request.body = spool_of(body);
  request.has_body = true;
  return request;
}

TEST_F(CgiSamplesTest, ThePageRemembersANameInACookie) {
  start("page.sh");
  EXPECT_TRUE(has(text_of(ask(get("/")).body), "<h1>Hello, stranger!</h1>"));

  const auto sent = ask(post("/", "name=Ada+%3CL.%3E+100%25&x=1", "application/x-www-form-urlencoded"));
  EXPECT_EQ(sent.head.status, 303);
  EXPECT_EQ(
      multiset_of(sent.head.headers),
      (std::vector<std::string>{"location: /",
                                "set-cookie: name=Ada+%3CL.%3E+100%25; Path=/; Max-Age=86400; HttpOnly; "
                                "SameSite=Lax",
                                "set-cookie: visited=yes; Path=/"}));

  auto again = get("/");
  again.headers.push_back({"cookie", "visited=yes; name=Ada+%3CL.%3E+100%25"});
  const auto page = text_of(ask(again).body);
  EXPECT_TRUE(has(page, "<h1>Hello, Ada &lt;L.&gt; 100%!</h1>")) << page;
}

TEST_F(CgiSamplesTest, AFormCannotAddAHeader) {
  start("page.sh");
  const auto sent = ask(post("/", "name=a\nX-Evil: 1\n\n<p>", "text/plain"));
  EXPECT_EQ(sent.head.status, 303);
  EXPECT_EQ(find_header(sent.head.headers, "X-Evil"), nullptr);
}

TEST_F(CgiSamplesTest, ThePictureIsAPng) {
  start("swatch.py");
  const auto picture = ask(get("/ff8800.png", "size=3"));
  EXPECT_EQ(picture.head.status, 200);
  EXPECT_EQ(*find_header(picture.head.headers, "Content-Type"), "image/png");
  const auto bytes = text_of(picture.body);
  EXPECT_TRUE(bytes.starts_with("\x89PNG\r\n\x1a\n"));
  EXPECT_EQ(bytes.substr(16, 8), std::string("\0\0\0\3\0\0\0\3", 8));
  EXPECT_EQ(ask(get("/favicon.ico")).head.status, 404);
}

class CloneServerTest : public CgiSamplesTest {
 protected:
  void SetUp() override {
    git({"init", "-q", "-b", "main", "work"});
    git({"-C", "work", "commit", "-q", "--allow-empty", "-m", "first"});
    git({"clone", "-q", "--bare", "work", "repo.git"});
    start("git-http-backend.sh", {{"GIT_PROJECT_ROOT", repositories_.path()}});
  }

  support::TempDir repositories_;

 private:
  void git(std::vector<std::string> words) {
    words.insert(words.begin(), {"git", "-C", repositories_.path(), "-c", "user.name=t", "-c",
                                 "user.email=t@example.invalid"});
    const auto result = support::run_tool(words);
    ASSERT_TRUE(result.state.success()) << result.err;
  }
};

TEST_F(CloneServerTest, GitIsToldWhatThereIs) {
  auto request = get("/repo.git/info/refs", "service=git-upload-pack");
  request.headers.push_back({"git-protocol", "version=2"});
  const auto offer = ask(request);
  EXPECT_EQ(offer.head.status, 200);
  EXPECT_EQ(*find_header(offer.head.headers, "Content-Type"), "application/x-git-upload-pack-advertisement");
  EXPECT_TRUE(has(text_of(offer.body), "version 2\n")) << text_of(offer.body);

  auto list = post("/repo.git/git-upload-pack", "0014command=ls-refs\n00010000",
                   "application/x-git-upload-pack-request");
  list.headers.push_back({"git-protocol", "version=2"});
  const auto refs = ask(list);
  EXPECT_EQ(refs.head.status, 200);
  EXPECT_TRUE(has(text_of(refs.body), "refs/heads/main")) << text_of(refs.body);
}

TEST_F(CloneServerTest, NobodyPushesAndNothingElseIsServed) {
  auto push = get("/repo.git/info/refs", "service=git-receive-pack");
  EXPECT_EQ(ask(push).head.status, 403);
  push.authentication = {"AWS4-HMAC-SHA256", "arn:aws:iam::123456789012:user/ada"};
  EXPECT_EQ(ask(push).head.status, 403);
  EXPECT_EQ(ask(get("/other.git/info/refs", "service=git-upload-pack")).head.status, 404);
  EXPECT_EQ(ask(get("/repo.git/../../etc/passwd")).head.status, 400);
}

}  // namespace
