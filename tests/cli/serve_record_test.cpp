// SPDX-License-Identifier: Apache-2.0
#include "cli/cases/redaction.h"
#include "cli/serve/recorder.h"
#include "serve_run.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Names of what is in a folder, hidden ones included, sorted.
std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

/// Everything in it, names included.
std::string all_of(const std::string& folder) {
  std::string text;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    text += entry.path().string() + "\n" + (entry.is_regular_file() ? text_of(entry.path()) : "") + "\n";
  return text;
}

mode_t mode_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
}

/// A request to the Function URL of a server; headers are whole lines.
support::HttpAnswer ask(const Serve& server, const std::string& method, const std::string& path,
                        const std::string& body = {}, const std::string& headers = {}) {
  support::HttpConnection client(server.port());
  return client.exchange(method, path, body, headers).value_or(support::HttpAnswer{});
}

// ---- What is written.

TEST(ServeRecordTest, CallsBecomeCasesThatTheFunctionPasses) {
  const Cli cli;
  cli.script("x.sh", "e=$(cat); case $e in *fail*) echo no >&2; exit 3;; esac; printf '%s\\n' \"$e\"");
  {
    Serve server(cli, {"--record", "tests", "x.sh"});
    EXPECT_EQ(server.call("{\"n\":  1}").body, "{\"n\":  1}\n");
    EXPECT_TRUE(has(server.call("\"fail\"").body, "Function.Exit3"));
  }
  EXPECT_EQ(names_in(cli.folder / "tests"), (std::vector<std::string>{"0001-invoke", "0002-invoke"}));
  EXPECT_EQ(text_of(cli.folder / "tests/0001-invoke/event.json"), "{\"n\":  1}");
  EXPECT_EQ(text_of(cli.folder / "tests/0001-invoke/expected"), "{\"n\":  1}\n");
  EXPECT_EQ(text_of(cli.folder / "tests/0002-invoke/status"), "error\n");
  const auto tested = cli.run({"test", "--handler", "x.sh"});
  EXPECT_EQ(tested.state, exited(0)) << tested.out << tested.err;
}

TEST(ServeRecordTest, FoldersAndFilesAreForTheirOwnerOnly) {
  const Cli cli;
  cli.script("x.sh", "exit 1");
  Serve(cli, {"--record", "new/tests", "x.sh"}).call();
  EXPECT_EQ(mode_of(cli.folder / "new/tests"), 0700U);
  EXPECT_EQ(mode_of(cli.folder / "new/tests/0001-invoke"), 0700U);
  for (const auto* name : {"event.json", "expected", "status"})
    EXPECT_EQ(mode_of(cli.folder / (std::string("new/tests/0001-invoke/") + name)), 0600U) << name;
}

TEST(ServeRecordTest, NumbersGoOnBehindThoseThatAreThere) {
  const Cli cli;
  cli.script("x.sh", "cat");
  cli.folder.write("tests/0041-other/expected", "kept");
  Serve(cli, {"--record", "tests/", "x.sh"}).call();
  EXPECT_EQ(names_in(cli.folder / "tests"), (std::vector<std::string>{"0041-other", "0042-invoke"}));
}

TEST(ServeRecordTest, RequestsAreNamedByTheirPathsAndStreamedAnswersAreWhole) {
  const Cli cli;
  cli.script("x.sh", "printf 'one\\n'; printf 'two\\n'");
  {
    const Serve server(cli,
                       {"--url=0", "--env", "SHELLSTRAP_INVOKE_MODE=stream", "--record", "tests", "x.sh"});
    EXPECT_EQ(ask(server, "GET", "/api/Items/7?q=1").status, 200);
    ask(server, "GET", "/");
    ask(server, "GET", "/../%2e%2e/a%20b/.c");
    // ask() leaves at the head of a streamed answer: the call may be under way.
    EXPECT_TRUE(support::wait_for([&] { return names_in(cli.folder / "tests").size() == 3; }));
  }
  EXPECT_EQ(names_in(cli.folder / "tests"),
            (std::vector<std::string>{"0001-api-Items-7", "0002-root", "0003-2e-2e-a-20b-.c"}));
  EXPECT_EQ(text_of(cli.folder / "tests/0001-api-Items-7/expected"), "one\ntwo\n");
}

TEST(ServeRecordTest, CallsSideBySideAreAllThereEachWithItsOwnAnswer) {
  const Cli cli;
  cli.script("x.sh", "cat");
  {
    const Serve server(cli, {"--concurrency", "4", "--queue", "100", "--record", "tests", "x.sh"});
    for (int i = 0; i < 20; ++i) server.call(std::to_string(i), "X-Amz-Invocation-Type: Event\r\n");
    EXPECT_TRUE(support::wait_for([&] {
      return fs::exists(cli.folder / "tests") &&
             std::ranges::count_if(names_in(cli.folder / "tests"),
                                   [](const auto& name) { return name[0] != '.'; }) == 20;
    }));
  }
  for (const auto& name : names_in(cli.folder / "tests"))
    EXPECT_EQ(text_of(cli.folder / ("tests/" + name + "/event.json")),
              text_of(cli.folder / ("tests/" + name + "/expected")));
}

// ---- What is left out.

constexpr auto kHeaders =
    "Authorization: Bearer canary-1\r\nCookie: sid=canary-2; b=canary-3\r\nX-Hub-Signature: sha1=canary-4\r\n"
    "X-Hub-Signature-256: sha256=canary-5\r\nStripe-Signature: t=1,v1=canary-6\r\n"
    "X-Slack-Signature: v0=canary-7\r\nwebhook-signature: v1,canary-8\r\nX-Plain: visible\r\n";

class RecordedFormatTest : public testing::TestWithParam<const char*> {};

TEST_P(RecordedFormatTest, HasNoSecretOfARequestOrOfTheFunctionAndIsPassed) {
  const Cli cli;
  cli.script("x.sh",
             "if [ \"$1\" ]; then exit 9; fi; printf '{\"statusCode\": 200, \"headers\": {\"Set-Cookie\": "
             "\"s=canary-9\", \"X-Plain\": \"shown\"}, \"body\": \"token %s\"}' \"$API_TOKEN\"");
  {
    const Serve server(cli, {"--url=0", "--url-format", GetParam(), "--env", "API_TOKEN=canary-10/x",
                             "--record", "tests", "x.sh"});
    EXPECT_TRUE(has(ask(server, "POST", "/hook/canary-10%2Fx?k=canary-10%2Fx", "a=canary-10/x",
                        std::string(kHeaders) + "Content-Type: application/x-www-form-urlencoded\r\n")
                        .body,
                    "token canary-10/x"));
  }
  const auto all = all_of(cli.folder / "tests");
  EXPECT_FALSE(has(all, "canary")) << all;
  EXPECT_FALSE(has(all, "Y2FuYXJ5LTEw")) << "as base64: " << all;
  for (const auto* kept : {"visible", "shown", "\"Set-Cookie\":\"REDACTED\"", "token REDACTED"})
    EXPECT_TRUE(has(all, kept)) << kept << "\n" << all;
  const auto tested = cli.run({"test", "--handler", "x.sh", "--env", "API_TOKEN=canary-10/x"});
  EXPECT_EQ(tested.state, exited(0)) << tested.out << tested.err;
}

INSTANTIATE_TEST_SUITE_P(Table, RecordedFormatTest, testing::Values("2.0", "1.0", "alb"),
                         [](const auto& tested) {
                           return std::string(tested.param) == "alb" ? "alb"
                                                                     : std::string("v") + tested.param[0];
                         });

base::Environment with_token(const std::string& value) {
  base::Environment environment;
  environment.set("A_TOKEN", value);
  return environment;
}

TEST(RedactTest, SecretHeadersAreKnownByTheirNamesWhateverTheirCase) {
  for (const auto* name : {"Authorization", "Proxy-Authorization", "COOKIE", "Set-Cookie", "cookies",
                           "X-Hub-Signature", "X-Hub-Signature-256", "Stripe-Signature", "X-Slack-Signature",
                           "webhook-signature", "X-Gitlab-Token", "x-api-key", "X-Amz-Security-Token"})
    EXPECT_TRUE(cli::is_secret_header(name)) << name;
  for (const auto* name : {"Content-Type", "nextToken", "X-Slack-Request-Timestamp", "signature", "Host"})
    EXPECT_FALSE(cli::is_secret_header(name)) << name;
}

TEST(RedactTest, WhatHoldsNoSecretComesBackByteForByte) {
  const cli::Secrets secrets(with_token("canary"));
  for (const std::string text : {"{ \"b\": 1,\n\"a\":\"\\u0041\" }\n", "text \xff", "", "[[[["})
    EXPECT_EQ(cli::redact(text, secrets)->text, text);
}

TEST(RedactTest, NamesTheValuesThatItReplacedAndKeepsTheOrderOfMembers) {
  const auto redacted =
      cli::redact(R"({"z":{"COOKIE":["a","b"]},"a/b":["x","a canary"],"Authorization":7,"k":"Y2FuYXJ5IQ=="})",
                  cli::Secrets(with_token("canary")));
  EXPECT_EQ(
      redacted->text,
      R"({"z":{"COOKIE":["REDACTED","REDACTED"]},"a/b":["x","a REDACTED"],"Authorization":"REDACTED","k":"UkVEQUNURUQh"})");
  EXPECT_EQ(redacted->pointers, (std::vector<std::string>{"/z/COOKIE", "/a~1b/1", "/Authorization", "/k"}));
}

TEST(RedactTest, NamesOfMembersAndThePreludeOfAStreamAreLookedThrough) {
  const cli::Secrets secrets(with_token("canary"));
  EXPECT_EQ(cli::redact("{\"canary\":1}", secrets)->text, "{\"REDACTED\":1}");
  EXPECT_EQ(cli::redact("{\"canary\":{\"cookie\":1}}", secrets)->pointers,
            std::vector<std::string>{"/REDACTED/cookie"});
  const std::string end(8, '\0');
  EXPECT_EQ(cli::redact("{\"headers\":{\"set-cookie\":\"x\"}}" + end + "canary", secrets)->text,
            "{\"headers\":{\"set-cookie\":\"REDACTED\"}}" + end + "REDACTED");
}

TEST(RedactTest, WhatIsNestedTooDeepIsNotKept) {
  const std::string deep = std::string(1'000'000, '[') + std::string(1'000'000, ']');
  EXPECT_FALSE(cli::redact(deep, {}));
}

// ---- What cannot be written.

TEST(ServeRecordTest, AFolderThatCannotBeWrittenIsSaidOnceAndCostsNoAnswer) {
  const Cli cli;
  cli.script("x.sh", "cat");
  cli.folder.write("file", "");
  const Serve server(cli, {"--record", "file/tests", "x.sh"});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(server.call("[1]").body, "[1]");
  const auto log = server.log();
  const auto said = log.find("--record: a call was not recorded: \"file/tests\": Not a directory");
  EXPECT_NE(said, std::string::npos) << log;
  EXPECT_EQ(log.find("not recorded", said + 30), std::string::npos) << log;
}

TEST(ServeRecordTest, AnInitThatFailedIsNoCase) {
  const Cli cli;
  cli.script("x.sh", "cat");
  Serve(cli, {"--record", "tests", "--env", "SHELLSTRAP_RESPONSE=nonsense", "x.sh"}).call();
  EXPECT_FALSE(fs::exists(cli.folder / "tests"));
}

TEST(ServeRecordTest, ASecretThatIsTooShortToBeFoundIsNamed) {
  const Cli cli;
  cli.script("x.sh", "cat");
  const Serve server(cli, {"--record", "tests", "--env", "MY_TOKEN=abc", "x.sh"});
  EXPECT_TRUE(has(server.log(), "the value of MY_TOKEN is too short")) << server.log();
  EXPECT_FALSE(has(server.log(), "abc"));
}

/// Files of this process end early, as on a disk that is full.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : signal_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, signal_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
  void (*signal_)(int);
};

TEST(RecorderTest, ADiskThatIsFullLeavesNoHalfCase) {
  const support::TempDir folder;
  const base::UniqueFd err(::open((folder / "log").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
  base::Logger logger(err.get());
  cli::Recorder recorder(folder / "tests", {}, logger);
  {
    const FullDisk full(1000);
    recorder.record("{}", {std::string(2000, 'x'), false, ""});
    recorder.record("{}", {std::string(2000, 'x'), false, ""});
    EXPECT_EQ(names_in(folder / "tests"), std::vector<std::string>{});
    recorder.record("{}", {"fits", false, ""});
  }
  EXPECT_EQ(names_in(folder / "tests"), std::vector<std::string>{"0001-invoke"});
  const auto log = text_of(folder / "log");
  EXPECT_EQ(std::ranges::count(log, '\n'), 1) << log;
  EXPECT_TRUE(has(log, "File too large")) << log;
}

}  // namespace
