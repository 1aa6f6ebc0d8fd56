// SPDX-License-Identifier: Apache-2.0
// AWS_LAMBDA_EXEC_WRAPPER around programs and the shells of functions, through the real bootstrap.
#include "support/bootstrap_process.h"
#include "support/process_tools.h"

#include <csignal>
#include <map>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;

const char* const kExec = "#!/bin/sh\nexport WRAPPED=\"by $0\"\nexec \"$@\"\n";
const char* const kWait = "#!/bin/sh\nexport WRAPPED=yes\n\"$@\"\nexit $(($? + 1))\n";

class WrapperTest : public testing::Test {
 protected:
  void write_wrapper(const std::string& text, int mode = 0755) {
    bootstrap_.task_root.write("wrapper", text, static_cast<mode_t>(mode));
  }

  std::map<std::string, std::string> environment(std::map<std::string, std::string> more) {
    more.insert({"AWS_LAMBDA_EXEC_WRAPPER", bootstrap_.task_root / "wrapper"});
    return more;
  }

  void start(const std::string& script, std::map<std::string, std::string> more = {}) {
    bootstrap_.task_root.write("handler.sh", "#!/bin/sh\n" + script, 0755);
    bootstrap_.start({.handler = "handler.sh", .arguments = {}, .environment = environment(std::move(more))});
  }

  void start_command(const std::string& command) {
    bootstrap_.start(
        {.handler = {}, .arguments = {}, .environment = environment({{"SHELLSTRAP_COMMAND", command}})});
  }

  void start_function(const std::string& file, std::map<std::string, std::string> more = {}) {
    bootstrap_.task_root.write("function.sh", file);
    bootstrap_.start(
        {.handler = "function.handler", .arguments = {}, .environment = environment(std::move(more))});
  }

  void expect_refused(const std::string& words) {
    const auto post = bootstrap_.wait_for_post();
    EXPECT_TRUE(post.path.ends_with("/runtime/init/error")) << post.path;
    EXPECT_EQ(post.header("Lambda-Runtime-Function-Error-Type"), "Runtime.InitError");
    const auto message = json::parse(post.body, nullptr, false).value("errorMessage", "");
    EXPECT_NE(message.find(words), std::string::npos) << message;
    EXPECT_NE(message.find("AWS_LAMBDA_EXEC_WRAPPER"), std::string::npos) << message;
    EXPECT_EQ(bootstrap_.wait_for_end(), proc::ExitState::exited(1));
  }

  support::BootstrapProcess bootstrap_;
};

struct BadWrapper {
  const char* text;
  int mode;
  const char* words;
};
class BadWrapperTest : public WrapperTest, public testing::WithParamInterface<BadWrapper> {};

}  // namespace

TEST_F(WrapperTest, AProgramIsStartedThroughItEachTime) {
  write_wrapper(kExec);
  start("cat; echo \" $WRAPPED $0\"");
  const auto answer =
      " by " + (bootstrap_.task_root / "wrapper") + " " + (bootstrap_.task_root / "handler.sh") + "\n";
  EXPECT_EQ(bootstrap_.invoke("one").body, "one" + answer);
  EXPECT_EQ(bootstrap_.invoke("two").body, "two" + answer);
}

TEST_F(WrapperTest, ArgumentsReachTheCommandAsTheyAre) {
  write_wrapper(kExec);
  start_command(R"(["printf", "<%s>", "a b", "", "*", "$HOME", "{/name}"])");
  EXPECT_EQ(bootstrap_.invoke(R"({"name": "x; \"y\""})").body, "<a b><><*><$HOME><x; \"y\">");
}

TEST_F(WrapperTest, AScriptWithoutTheRunBitGoesToItsInterpreterBehindIt) {
  write_wrapper(kExec);
  bootstrap_.task_root.write("plain", "echo $WRAPPED", 0644);
  bootstrap_.start({.handler = "plain", .arguments = {}, .environment = environment({})});
  EXPECT_EQ(bootstrap_.invoke().body, "by " + (bootstrap_.task_root / "wrapper") + "\n");
}

TEST_F(WrapperTest, ARelativePathStartsAtTheTaskRoot) {
  write_wrapper(kExec);
  start("echo $WRAPPED", {{"AWS_LAMBDA_EXEC_WRAPPER", "wrapper"}});
  EXPECT_EQ(bootstrap_.invoke().body, "by " + (bootstrap_.task_root / "wrapper") + "\n");
}

TEST_F(WrapperTest, AnEmptyVariableIsNone) {
  start("echo ${WRAPPED-no}", {{"AWS_LAMBDA_EXEC_WRAPPER", ""}});
  EXPECT_EQ(bootstrap_.invoke().body, "no\n");
}

TEST_F(WrapperTest, WithoutAFirstLineItIsRunWithAShellAndThatIsSaid) {
  write_wrapper("export WRAPPED=yes\nexec \"$@\"\n");
  start("echo $WRAPPED");
  EXPECT_EQ(bootstrap_.invoke().body, "yes\n");
  EXPECT_TRUE(bootstrap_.logs("wrapper has no #! line, so it is run with /bin/sh"));
}

TEST_F(WrapperTest, AWrapperThatWaitsForAProgramEndsForIt) {
  write_wrapper(kWait);
  start("echo $WRAPPED; exit 6");
  EXPECT_EQ(bootstrap_.invoke().header("Lambda-Runtime-Function-Error-Type"), "Function.Exit7");
}

TEST_F(WrapperTest, TheDeadlineEndsWhatRunsBehindIt) {
  write_wrapper(kWait);
  start("echo $$ > pid; exec sleep 69", {{"SHELLSTRAP_TIMEOUT_MS", "2000"}});
  EXPECT_EQ(bootstrap_.invoke().header("Lambda-Runtime-Function-Error-Type"), "Function.Timeout");
  const auto pid = std::stoi(support::run_tool({"cat", bootstrap_.task_root / "pid"}).out);
  EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(pid); }));
}

TEST_F(WrapperTest, TheShellOfFunctionsIsStartedThroughItOnce) {
  write_wrapper("#!/bin/sh\necho x >> started\n" + std::string(kExec));
  start_function("handler() { echo \"$1 $WRAPPED $(wc -l < started)\"; }",
                 {{"AWS_LAMBDA_MAX_CONCURRENCY", "1"}});
  for (const std::string body : {"one", "two", "three"})
    EXPECT_EQ(bootstrap_.invoke(body).body, body + " by " + (bootstrap_.task_root / "wrapper") + " 1\n");
}

TEST_F(WrapperTest, AShellThatIsReplacedGoesThroughItToo) {
  write_wrapper(kExec);
  start_function("handler() { [[ $1 != kill ]] || { kill -KILL $$; sleep 70; }; echo \"${WRAPPED%% *}\"; }");
  EXPECT_EQ(bootstrap_.invoke("a").body, "by\n");
  EXPECT_TRUE(bootstrap_.invoke("kill").path.ends_with("/error"));
  EXPECT_EQ(bootstrap_.invoke("b").body, "by\n");
}

TEST_F(WrapperTest, AWrapperThatDoesNotBecomeTheShellIsAnInitError) {
  write_wrapper(kWait);
  start_function("handler() { echo no; }");
  expect_refused("exec \"$@\"");
}

TEST_F(WrapperTest, AWrapperThatEndsBeforeTheShellIsAnInitErrorThatNamesIt) {
  write_wrapper("#!/bin/sh\nexit 3\n");
  start_function("handler() { echo no; }");
  expect_refused("ended with status 3");
}

TEST_F(WrapperTest, AWrapperThatFailsIsTheErrorOfTheCall) {
  write_wrapper("#!/bin/sh\necho no licence >&2\nexit 3\n");
  start("echo no");
  const auto post = bootstrap_.invoke();
  EXPECT_EQ(post.header("Lambda-Runtime-Function-Error-Type"), "Function.Exit3");
  EXPECT_EQ(json::parse(post.body)["stackTrace"], json::array({"no licence"}));
}

TEST_F(WrapperTest, OneThatDoesNotExistIsNamed) {
  start("cat", {{"AWS_LAMBDA_EXEC_WRAPPER", "/opt/no/such"}});
  expect_refused("AWS_LAMBDA_EXEC_WRAPPER=/opt/no/such does not exist");
}

TEST_P(BadWrapperTest, IsAnInitErrorThatNamesIt) {
  write_wrapper(GetParam().text, GetParam().mode);
  start("cat");
  expect_refused((bootstrap_.task_root / "wrapper") + GetParam().words);
}

INSTANTIATE_TEST_SUITE_P(Files, BadWrapperTest,
                         testing::Values(BadWrapper{"#!/bin/sh\nexec \"$@\"\n", 0644, " is not executable"},
                                         BadWrapper{"#!/no/such\n", 0755, ", /no/such, is not here"},
                                         BadWrapper{"#!/bin/sh\r\n", 0755, " ends in CR LF"}));
