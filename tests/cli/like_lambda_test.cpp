// SPDX-License-Identifier: Apache-2.0
// `shellstrap invoke --like-lambda`: what the function sees, and what is said where that cannot be had.
#include "cli/cli_run.h"

#include <sys/stat.h>

#include <sstream>

#include <gtest/gtest.h>

namespace {

// The sentence of a machine whose kernel or administrator does not let this user make namespaces.
constexpr std::string_view kRefused = "The function sees this machine's folders";

std::vector<std::string> printed_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

class LikeLambdaTest : public testing::Test {
 protected:
  support::ToolResult run(const std::string& script, const std::vector<std::string>& options = {},
                          const std::string& timeout = "30") {
    cli_.script("h", script);
    std::vector<std::string> words = {"--like-lambda", "--timeout", timeout};
    words.insert(words.end(), options.begin(), options.end());
    words.emplace_back("./h");
    return cli_.invoke(words);
  }
  static bool refused(const support::ToolResult& result) { return has(result.err, kRefused); }

  Cli cli_;
};

}  // namespace

TEST_F(LikeLambdaTest, TheFunctionRunsAsTheServicesUserInItsFolders) {
  const auto result =
      run("id -u; id -g; pwd; echo $LAMBDA_TASK_ROOT $HOME; ulimit -n; umask; ls /dev; ls -A /tmp");
  if (refused(result)) GTEST_SKIP() << result.err;
  const std::vector<std::string> expected = {
      "993",  "990",    "/var/task", "/var/task /tmp", "1024",   "0022",    "full",
      "null", "random", "stderr",    "stdin",          "stdout", "urandom", "zero"};
  EXPECT_EQ(printed_lines(result.out), expected) << result.err;
}

TEST_F(LikeLambdaTest, TheStandardStreamsHaveNamesAndNoOtherDescriptorHas) {
  const auto result =
      run("cat /dev/stdin; echo answer >/dev/stdout; echo logged >/dev/stderr;"
          "for d in fd tty shm; do [ ! -e /dev/$d ] || echo $d; done");
  if (refused(result)) GTEST_SKIP() << result.err;
  EXPECT_EQ(result.out, "{}answer\n") << result.err;
  EXPECT_TRUE(has(result.err, "logged\n")) << result.err;
}

TEST_F(LikeLambdaTest, OnlyTmpCanBeWrittenAndItIsOfItsOwn) {
  const auto result =
      run("for f in /var/task /usr /etc / /opt; do (: >$f/x) 2>/dev/null && echo $f; done; echo y "
          ">/tmp/like-lambda-x;"
          "cat /tmp/like-lambda-x");
  if (refused(result)) GTEST_SKIP() << result.err;
  EXPECT_EQ(result.out, "y\n") << result.err;
  struct stat status {};
  EXPECT_NE(::stat("/tmp/like-lambda-x", &status), 0);
}

TEST_F(LikeLambdaTest, PathsAreTheServicesWhereverNamespacesAre) {
  cli_.set("PATH", "/somewhere/else:/usr/bin:/bin");
  const auto result = run("echo $PATH; echo $LD_LIBRARY_PATH");
  EXPECT_EQ(printed_lines(result.out).front(), "/usr/local/bin:/usr/bin/:/bin:/opt/bin") << result.err;
  EXPECT_TRUE(has(result.out, "/var/task/lib:/opt/lib")) << result.out;
}

TEST_F(LikeLambdaTest, AHandlerOfTheTaskRootIsFoundByItsWholePath) {
  const auto script = cli_.script("h", "echo found");
  const auto result = cli_.invoke({"--like-lambda", "--timeout", "30", script});
  EXPECT_EQ(result.out, "found\n") << result.err;
}

TEST_F(LikeLambdaTest, AVariableOfTheFunctionWinsOverTheServices) {
  const auto result = run("echo $LD_LIBRARY_PATH", {"--env", "LD_LIBRARY_PATH=/x"});
  EXPECT_EQ(result.out, "/x\n") << result.err;
}

TEST_F(LikeLambdaTest, CallsOfOneEnvironmentShareTmp) {
  const auto result = run("echo x >>/tmp/calls; wc -l </tmp/calls", {"--repeat", "2"});
  if (refused(result)) GTEST_SKIP() << result.err;
  EXPECT_EQ(result.out, "1\n2\n") << result.err;
}

TEST_F(LikeLambdaTest, AFunctionThatRunsTooLongIsEnded) {
  const auto result = run("sleep 60", {}, "0.5");
  EXPECT_EQ(result.state, exited(1));
  EXPECT_TRUE(has(result.out, "timed out")) << result.out;
}

// The kernel counts namespaces for each user namespace: one that may hold no other stands for a machine that
// refuses.
TEST_F(LikeLambdaTest, WhatTheKernelRefusesIsSaidAndTheFunctionRuns) {
  cli_.script("h", "pwd; ulimit -n");
  const std::string limit = "echo 0 >/proc/sys/user/max_user_namespaces && exec \"$@\"";
  const auto possible = support::run_tool({"unshare", "-Ur", "sh", "-c", limit, "sh", "true"});
  if (!possible.state.success()) GTEST_SKIP() << "no namespace to refuse others in: " << possible.err;
  const auto result = support::run_tool({"unshare", "-Ur", "sh", "-c", limit, "sh", support::cli_program(),
                                         "invoke", "--like-lambda", "--task-root", cli_.folder.path(), "h"});
  EXPECT_TRUE(result.state.success()) << result.err;
  EXPECT_TRUE(refused(result)) << result.err;
  EXPECT_EQ(printed_lines(result.out), (std::vector<std::string>{cli_.folder.path(), "1024"})) << result.err;
}

TEST_F(LikeLambdaTest, WhatIsNeverEmulatedIsSaid) {
  EXPECT_TRUE(has(run("true").err, "programs, network and memory are this machine's"));
}
