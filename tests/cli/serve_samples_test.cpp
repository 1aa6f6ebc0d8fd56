// SPDX-License-Identifier: Apache-2.0
// The samples of handlers/cgi behind serve --url, used by the clients that people have: git and curl.
#include "serve_run.h"
#include "support/raw_client.h"
#include "support/tasks.h"

#include <cstdint>
#include <fstream>
#include <functional>
#include <random>

#include <gtest/gtest.h>

namespace {

using support::RawClient;
using support::ToolResult;

const std::string kSamples = support::source_dir() + "/handlers/cgi";
constexpr std::size_t kBlob = 500'000;

// What no compression makes smaller.
std::string noise(std::size_t size) {
  static std::mt19937_64 random(7);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

class ServeSamplesTest : public testing::Test {
 protected:
  Serve serve(const std::string& sample, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--url=0", "--task-root", kSamples, "--timeout", "60"});
    arguments.push_back(sample);
    return Serve(cli_, std::move(arguments));
  }

  // A command in the folder of the test, with an identity and without anybody's configuration.
  ToolResult run(const std::string& line) const {
    auto environment = cli_.environment();
    for (const char* name : {"GIT_AUTHOR", "GIT_COMMITTER"}) {
      environment.push_back(std::string(name) + "_NAME=Ada");
      environment.push_back(std::string(name) + "_EMAIL=ada@example.org");
    }
    environment.insert(environment.end(), {"HOME=" + cli_.folder.path(), "GIT_CONFIG_NOSYSTEM=1",
                                           "GIT_CONFIG_GLOBAL=/dev/null", "GIT_TERMINAL_PROMPT=0"});
    return support::run_tool({"/bin/sh", "-c", "cd \"$0\" && " + line, cli_.folder.path()}, "", environment);
  }

  [[nodiscard]] static std::string url(const Serve& server, const std::string& path) {
    return "http://127.0.0.1:" + std::to_string(server.port()) + path;
  }

  Cli cli_;
};

class GitTest : public ServeSamplesTest {
 protected:
  // repositories/repo.git with so many bytes that stay as many.
  void make_repository(std::size_t blobs) {
    ASSERT_EQ(run("git init -q -b main work && git init -q --bare -b main repositories/repo.git").state,
              exited(0));
    for (std::size_t i = 0; i < blobs; ++i) cli_.folder.write("work/blob" + std::to_string(i), noise(kBlob));
    cli_.folder.write("work/readme", "a repository\n");
    const auto made =
        run("cd work && git add . && git commit -qm first && git push -q ../repositories/repo.git main");
    ASSERT_EQ(made.state, exited(0)) << made.err;
  }

  std::vector<std::string> streaming() const {
    return {"--env", "SHELLSTRAP_INVOKE_MODE=stream", "--env",
            "GIT_PROJECT_ROOT=" + (cli_.folder / "repositories")};
  }

  // One that takes pushes: git itself is the handler.
  Serve serve_pushes() {
    EXPECT_EQ(run("git -C repositories/repo.git config http.receivepack true").state, exited(0));
    auto arguments = streaming();
    arguments.insert(arguments.begin(), {"--url=0", "--timeout", "60"});
    for (const char* word : {"--env", "SHELLSTRAP_RESPONSE_FORMAT=cgi", "--env", "GIT_HTTP_EXPORT_ALL=1",
                             "--", "git", "http-backend"})
      arguments.emplace_back(word);
    return Serve(cli_, std::move(arguments));
  }

  void expect_whole_clone(const std::string& name) {
    const auto checked = run("git -C " + name + " fsck --full --strict");
    EXPECT_EQ(checked.state, exited(0)) << checked.err;
    EXPECT_EQ(run("git -C " + name + " rev-parse HEAD").out, run("git -C work rev-parse HEAD").out);
    EXPECT_EQ(run("git -C " + name + " status --porcelain").out, "");
  }
};

TEST_F(GitTest, TwoClonesOfMoreThan20MegabytesAtATimeAreComplete) {
  ASSERT_NO_FATAL_FAILURE(make_repository(44));
  auto arguments = streaming();
  arguments.insert(arguments.end(), {"--environments", "2"});
  const auto server = serve("git-http-backend.sh", arguments);
  support::Tasks clients;
  const auto clone = [&](const std::string& name) {
    return clients.run(std::function(
        [this, line = "git clone -q " + url(server, "/repo.git") + " " + name] { return run(line); }));
  };
  auto one = clone("one");
  auto two = clone("two");
  for (auto* cloned : {&one, &two}) {
    const auto result = cloned->get();
    EXPECT_EQ(result.state, exited(0)) << result.err << server.log();
  }
  expect_whole_clone("one");
  expect_whole_clone("two");
}

TEST_F(GitTest, ReadOnlySampleRefusesAPush) {
  ASSERT_NO_FATAL_FAILURE(make_repository(1));
  const auto server = serve("git-http-backend.sh", streaming());
  const auto pushed =
      run("cd work && git commit -q --allow-empty -m more && git push " + url(server, "/repo.git") + " main");
  EXPECT_NE(pushed.state, exited(0));
  EXPECT_TRUE(has(pushed.err, "403")) << pushed.err;
}

TEST_F(GitTest, PushOfUpToFourMegabytesWorksWhereItIsAllowed) {
  ASSERT_NO_FATAL_FAILURE(make_repository(1));
  const auto server = serve_pushes();
  cli_.folder.write("work/more", noise(4'000'000));
  const auto pushed =
      run("cd work && git add . && git commit -qm more && git push -q " + url(server, "/repo.git") + " main");
  EXPECT_EQ(pushed.state, exited(0)) << pushed.err << server.log();
  EXPECT_EQ(run("git -C repositories/repo.git rev-parse main").out, run("git -C work rev-parse HEAD").out);
  EXPECT_EQ(run("git -C repositories/repo.git fsck --full").state, exited(0));
}

TEST_F(GitTest, PushThatFitsIntoNoEventIsRefusedWith413) {
  ASSERT_NO_FATAL_FAILURE(make_repository(1));
  const auto server = serve_pushes();
  cli_.folder.write("work/more", noise(8'000'000));
  const auto pushed =
      run("cd work && git add . && git commit -qm more && git push " + url(server, "/repo.git") + " main");
  EXPECT_NE(pushed.state, exited(0));
  EXPECT_TRUE(has(pushed.err, "413")) << pushed.err;
  EXPECT_NE(run("git -C repositories/repo.git rev-parse main").out, run("git -C work rev-parse HEAD").out);
}

TEST_F(ServeSamplesTest, CurlFillsInTheFormAndKeepsTheCookie) {
  if (run("command -v curl").state != exited(0)) GTEST_SKIP() << "there is no curl: run scripts/setup test";
  const auto server = serve("page.sh", {});
  EXPECT_TRUE(has(run("curl -sS -c jar -b jar " + url(server, "/")).out, "Hello, stranger!"));
  const auto answer = run("curl -sS -L -c jar -b jar --data-urlencode 'name=Ada <3' " + url(server, "/"));
  EXPECT_TRUE(has(answer.out, "<h1>Hello, Ada &lt;3!</h1>")) << answer.out << answer.err << server.log();
  EXPECT_TRUE(has(run("curl -sS -b jar " + url(server, "/")).out, "Hello, Ada &lt;3!"));
  EXPECT_TRUE(has(run("curl -sS " + url(server, "/")).out, "Hello, stranger!"));
}

TEST_F(ServeSamplesTest, PictureArrivesByteForByte) {
  const auto server = serve("swatch.py", {});
  support::HttpConnection client(server.port());
  const auto answer = client.exchange("GET", "/ff8800.png?size=64");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200) << server.log();
  EXPECT_TRUE(has(answer->head, "Content-Type: image/png\r\n"));
  EXPECT_TRUE(answer->body.starts_with("\x89PNG\r\n\x1a\n"));
  EXPECT_TRUE(
      answer->body.ends_with("IEND\xae"
                             "B`\x82"));
}

TEST_F(ServeSamplesTest, ProgressPageShowsEachStepWhenItIsDone) {
  // The first step ends by itself, the second one when the client has seen it.
  const auto go = cli_.folder / "go";
  const auto server = serve(
      "progress.sh", {"--env", "SHELLSTRAP_INVOKE_MODE=stream", "--env", "PROGRESS_STEPS=2", "--env",
                      "PROGRESS_COMMAND=[ $STEP = 1 ] || until [ -e " + go + " ]; do sleep 0.02; done"});
  RawClient client(server.port());
  client.get("/");
  ASSERT_TRUE(client.read_until("Step 1 of 2")) << server.log();
  EXPECT_FALSE(has(client.text(), "Step 2"));
  cli_.folder.write("go", "");
  EXPECT_TRUE(has(client.read_all(), "Step 2 of 2")) << server.log();
  EXPECT_TRUE(has(client.text(), "Done."));
}

}  // namespace
