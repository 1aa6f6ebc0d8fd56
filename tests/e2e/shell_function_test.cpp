// SPDX-License-Identifier: Apache-2.0
// Functions of shell files, through the real bootstrap.
#include "support/bootstrap_process.h"
#include "support/process_tools.h"

#include <chrono>
#include <fstream>
#include <map>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;
using support::Event;

class ShellFunctionTest : public testing::Test {
 protected:
  void start(const std::string& file, std::map<std::string, std::string> environment = {},
             const std::string& name = "function.sh", const std::string& handler = "function.handler") {
    bootstrap_.task_root.write(name, file);
    bootstrap_.start({.handler = handler, .arguments = {}, .environment = std::move(environment)});
  }

  void expect_answers(const std::string& body) {
    const auto post = bootstrap_.invoke();
    EXPECT_TRUE(post.path.ends_with("/response")) << post.path << post.body;
    EXPECT_EQ(post.body, body);
  }

  void expect_error(const support::RecordedRequest& post, const std::string& type, const std::string& words) {
    EXPECT_TRUE(post.path.ends_with("/error")) << post.path;
    EXPECT_EQ(post.header("Lambda-Runtime-Function-Error-Type"), type);
    EXPECT_NE(json::parse(post.body, nullptr, false).value("errorMessage", "").find(words), std::string::npos)
        << post.body;
  }

  void expect_refused(const std::string& type, const std::string& words) {
    const auto post = bootstrap_.wait_for_post();
    EXPECT_EQ(post.path, "/2018-06-01/runtime/init/error");
    expect_error(post, type, words);
    EXPECT_EQ(bootstrap_.wait_for_end(), proc::ExitState::exited(1));
    EXPECT_EQ(bootstrap_.api.requests().size(), 1U);
  }

  support::BootstrapProcess bootstrap_;
};

}  // namespace

TEST_F(ShellFunctionTest, EventInAnswerOutCallAfterCall) {
  start("handler() { printf '%s' \"$1\"; }");
  for (const std::string body : {"{\"a\": 1}", "two\nlines\n\n", "", "café ✓"})
    EXPECT_EQ(bootstrap_.invoke(body).body, body);
}

TEST_F(ShellFunctionTest, SixMebibytesArriveIdentical) {
  start("handler() { printf '%s' \"$1\"; }");
  const std::string body(6'291'456, 'x');
  EXPECT_TRUE(bootstrap_.invoke(body).body == body);
  EXPECT_EQ(bootstrap_.invoke("small").body, "small");
}

TEST_F(ShellFunctionTest, WhatItPrintsElsewhereIsLog) {
  start("echo while sourcing\nhandler() { echo to the log >&2; echo answer; }");
  expect_answers("answer\n");
  EXPECT_TRUE(bootstrap_.logs("while sourcing\n"));
  EXPECT_TRUE(bootstrap_.logs("to the log\n"));
}

TEST_F(ShellFunctionTest, StatusIsTheErrorAndTheEnvironmentStays) {
  start(R"(handler() {
  case $1 in
    exit) echo partial; echo last words >&2; exit 3 ;;
    return) return 4 ;;
    unset) set -u; echo "$NOT_SET" ;;
    segv) kill -SEGV "$BASHPID" ;;
    zero) echo fine; exit 0 ;;
  esac
  echo "$BASHPID"
})");
  const auto failed = bootstrap_.invoke("exit");
  expect_error(failed, "Function.Exit3", "status 3");
  EXPECT_EQ(json::parse(failed.body)["stackTrace"], json::array({"last words"}));
  expect_error(bootstrap_.invoke("return"), "Function.Exit4", "status 4");
  expect_error(bootstrap_.invoke("unset"), "Function.Exit1", "status 1");
  expect_error(bootstrap_.invoke("segv"), "Function.Exit139", "128 + SIGSEGV");
  EXPECT_EQ(bootstrap_.invoke("zero").body, "fine\n");
  EXPECT_TRUE(bootstrap_.is_running());
}

TEST_F(ShellFunctionTest, AFailedCallMayNameItsOwnError) {
  start(R"(handler() { echo '{"errorType": "Orders.Missing", "errorMessage": "no order"}'; return 1; })");
  const auto body = json::parse(bootstrap_.invoke().body);
  EXPECT_EQ(body["errorMessage"], "no order");
}

TEST_F(ShellFunctionTest, DeadlineEndsTheCallAndTheNextIsServed) {
  start(
      "handler() { [[ $1 != sleep ]] || { trap '' TERM; sleep 60 & wait; while :; do sleep 1; done; }; echo "
      "ok; }",
      {{"SHELLSTRAP_TIMEOUT_MS", "1500"}});
  expect_error(bootstrap_.invoke("sleep"), "Function.Timeout", "Task timed out after 1.50 seconds");
  expect_answers("ok\n");
  expect_answers("ok\n");
}

TEST_F(ShellFunctionTest, TooLargeAnAnswerIsRefused) {
  start("handler() { [[ $1 != flood ]] || while :; do printf %65536d 0; done; echo ok; }");
  expect_error(bootstrap_.invoke("flood"), "Function.ResponseSizeTooLarge", "too large");
  expect_answers("ok\n");
}

TEST_F(ShellFunctionTest, AnswerIsTakenFromWhereTheSettingSays) {
  start("handler() { echo out; echo err >&2; }", {{"SHELLSTRAP_RESPONSE", "stderr"}});
  expect_answers("err\n");
  EXPECT_TRUE(bootstrap_.logs("out\n"));
}

TEST_F(ShellFunctionTest, AnswerMayHaveADescriptorOfItsOwn) {
  start("handler() { echo out; echo err >&2; echo answer >&4; }", {{"SHELLSTRAP_RESPONSE", "fd:4"}});
  expect_answers("answer\n");
  expect_answers("answer\n");
  EXPECT_TRUE(bootstrap_.logs("out\n"));
}

TEST_F(ShellFunctionTest, OptionsFromOutsideAreInForce) {
  start("handler() { echo \"$NOT_SET\"; }", {{"SHELLSTRAP_SHELL_OPTIONS", "uo pipefail"}});
  expect_error(bootstrap_.invoke(), "Function.Exit1", "status 1");
}

TEST_F(ShellFunctionTest, OptionsThatAreNoneAreRefused) {
  start("handler() { :; }", {{"SHELLSTRAP_SHELL_OPTIONS", "uo pipefall"}});
  expect_refused("Runtime.InitError", "SHELLSTRAP_SHELL_OPTIONS");
}

TEST_F(ShellFunctionTest, NestedAndDottedNamesAreFound) {
  start("handler() { echo nested; }", {}, "dir/file.sh", "dir/file.handler");
  expect_answers("nested\n");
}

TEST_F(ShellFunctionTest, LastDotIsTriedFirst) {
  start("handler() { echo dotted; }", {}, "a.b.sh", "a.b.handler");
  expect_answers("dotted\n");
}

TEST_F(ShellFunctionTest, SyntaxErrorIsAnInitError) {
  start("handler() {\n  if\n}\n");
  expect_refused("Runtime.UserCodeSyntaxError", "syntax error");
}

TEST_F(ShellFunctionTest, ExitWhileSourcingIsAnInitErrorWithTheLastLines) {
  start("echo no credentials >&2\nexit 5\nhandler() { :; }");
  const auto post = bootstrap_.wait_for_post();
  expect_error(post, "Runtime.InitError", "status 5");
  EXPECT_EQ(json::parse(post.body)["stackTrace"], json::array({"no credentials"}));
}

TEST_F(ShellFunctionTest, MissingFunctionIsAnInitError) {
  start("other() { :; }");
  expect_refused("Runtime.HandlerNotFound", "no function handler");
}

// "a.ls" must not run ls, nor "function.sh" the event.
TEST_F(ShellFunctionTest, CommandIsNeverTakenForAFunction) {
  start("handler() { :; }", {}, "function.sh", "function.ls");
  expect_refused("Runtime.HandlerNotFound", "no function ls");
}

// The program `handler` holds no function sh, and the event never gets to the shell of that name.
TEST_F(ShellFunctionTest, ShellIsNeverTakenForAFunction) {
  start("handler() { :; }", {}, "handler", "handler.sh");
  expect_refused("Runtime.HandlerNotFound", "no function sh");
}

TEST_F(ShellFunctionTest, EarlierDotIsTriedNext) {
  start("b.handler() { echo earlier; }", {}, "a.sh", "a.b.handler");
  expect_answers("earlier\n");
}

TEST_F(ShellFunctionTest, FilesBesideItAreFoundWhileSourcingAndInACall) {
  bootstrap_.task_root.write("lib.sh", "greet() { echo \"$1 from lib\"; }");
  bootstrap_.task_root.write("late.sh", "echo late");
  bootstrap_.task_root.write("helper", "#!/bin/sh\necho helped\n", 0755);
  start("source ./lib.sh\ngreet init\nhandler() { greet call; source ./late.sh; ./helper; }");
  expect_answers("call from lib\nlate\nhelped\n");
  EXPECT_TRUE(bootstrap_.logs("init from lib\n"));
}

TEST_F(ShellFunctionTest, StandardInputIsReadInEveryWay) {
  start(R"(handler() {
  case $1 in
    read*) read -r _; read -r second; echo "$second" ;;
    whole*) whole=$(cat); echo "[$whole]" ;;
    *) while read -r line; do echo "- $line"; done ;;
  esac
})");
  EXPECT_EQ(bootstrap_.invoke("read\ntwo\nthree").body, "two\n");
  EXPECT_EQ(bootstrap_.invoke("whole\ntwo\n").body, "[whole\ntwo]\n");
  EXPECT_EQ(bootstrap_.invoke("one\ntwo\n").body, "- one\n- two\n");
}

TEST_F(ShellFunctionTest, HomeAndTrapsAndFolderOfTheFileAreInForceAndNothingOfACallIs) {
  start(R"(HOME=/nowhere; cd /; trap 'echo trapped' ERR; set -E
handler() { echo "$HOME $PWD"; HOME=/changed; cd /tmp; false; trap - ERR; })");
  for (int call = 0; call < 3; ++call) expect_answers("/nowhere /\ntrapped\n");
}

TEST_F(ShellFunctionTest, KilledShellFailsOneCall) {
  start("handler() { [[ $1 != kill ]] || kill -9 $$; echo ok; sleep 1; }");
  expect_error(bootstrap_.invoke("kill"), "Function.SignalKILL", "SIGKILL");
  expect_answers("ok\n");
}

TEST_F(ShellFunctionTest, WhatTheCallOfAKilledShellHasLeftIsEndedAndReaped) {
  start(
      "handler() { [[ $1 != kill ]] || { setsid sleep 69 & echo $! > pid; kill -9 $$; sleep 69; }; echo ok; "
      "}");
  expect_answers("ok\n");
  const auto children = support::children_of(bootstrap_.pid()).size();
  expect_error(bootstrap_.invoke("kill"), "Function.SignalKILL", "SIGKILL");
  bootstrap_.wait_until_idle();
  pid_t left = -1;
  ASSERT_TRUE(std::ifstream(bootstrap_.task_root / "pid") >> left);
  EXPECT_FALSE(support::is_alive(left));
  EXPECT_EQ(support::children_of(bootstrap_.pid()).size(), children);
}
