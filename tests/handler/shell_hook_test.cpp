// SPDX-License-Identifier: Apache-2.0
// Hooks that run in the warm shell itself, through its runner.
#include "shell_fixture.h"

#include <unistd.h>

namespace {

using shell_test::Function;
using shell_test::FunctionOptions;
using namespace std::chrono_literals;

handler::WarmHook hook(const std::string& function, base::Deadline limit = base::Deadline::after(50s)) {
  return {"the hook", function, false, api::ErrorType::Known::after_restore, limit};
}

}  // namespace

TEST(ShellHookTest, WhatItSetsIsThereInEachCallAndWhatACallSetsIsNot) {
  Function function(
      "handler() { echo \"$variable $exported $(sh -c 'echo $exported') $PWD\"; variable=lost; }\n"
      "prepare() { variable=kept; export exported=too; cd /usr; }");
  EXPECT_FALSE(function.hook(hook("prepare")));
  for (int i = 0; i < 2; ++i) EXPECT_EQ(function.call().out, "kept too too /usr\n");
}

TEST(ShellHookTest, CallsBeforeItDoNotDisturbIt) {
  Function function("n=0; handler() { echo $n; }; prepare() { ((++n)); }");
  EXPECT_EQ(function.call().out, "0\n");
  EXPECT_FALSE(function.hook(hook("prepare")));
  EXPECT_EQ(function.call().out, "1\n");
  EXPECT_FALSE(function.hook(hook("prepare")));
  EXPECT_EQ(function.call().out, "2\n");
}

// The fork that waits is ended while bash may not wait for it yet: where it asks for the end of a process
// number then, it loops for ever.
TEST(ShellHookTest, AHundredInARowFindAShellThatGoesOn) {
  Function function("n=0; handler() { echo $n; }; prepare() { ((++n)); }");
  for (int i = 0; i < 100; ++i) ASSERT_FALSE(function.hook(hook("prepare", base::Deadline::after(20s)))) << i;
  EXPECT_EQ(function.call().out, "100\n");
}

TEST(ShellHookTest, ALargeEventBehindItIsWhole) {
  Function function("handler() { printf %s \"$1\"; }; prepare() { :; }");
  EXPECT_FALSE(function.hook(hook("prepare")));
  const std::string event(300'000, 'x');
  const auto called = function.call(event);
  EXPECT_TRUE(called.out == event) << called.out.size() << " bytes, status " << called.status();
}

TEST(ShellHookTest, ItsOutputIsLogAndNothingOfItIsAnAnswer) {
  Function function("handler() { echo answer; }; prepare() { echo out; echo err >&2; }");
  EXPECT_FALSE(function.hook(hook("prepare")));
  EXPECT_EQ(function.call().out, "answer\n");
  EXPECT_NE(function.log().find("out\nerr\n"), std::string::npos) << function.log();
}

TEST(ShellHookTest, ItHasNoInputAndNoneOfOurDescriptors) {
  Function function("handler() { :; }; prepare() { cat; [ $(ls /proc/self/fd | wc -l) -le 5 ]; }");
  EXPECT_FALSE(function.hook(hook("prepare"))) << function.log();
}

TEST(ShellHookTest, OptionsAndTrapsThatItSetsAreInForceInCallsAndNotOnOurSide) {
  Function function(
      "handler() { case $- in *e*u*) ;; *) echo \"no: $-\";; esac; false; echo unreached; }\n"
      "prepare() { set -eu; IFS=x; shopt -s nullglob; trap 'echo trapped' ERR; set -E; }");
  EXPECT_FALSE(function.hook(hook("prepare")));
  for (int i = 0; i < 2; ++i) {
    const auto called = function.call();
    EXPECT_EQ(called.out, "trapped\n");
    EXPECT_EQ(called.status(), 1);
  }
  EXPECT_FALSE(function.hook(hook("prepare"))) << "under set -e";
}

TEST(ShellHookTest, WithoutAFunctionWhatTheFileHasSetStays) {
  Function function("set -eE; trap 'echo trapped' ERR; handler() { false; }");
  auto reseed = hook("");
  reseed.restored = true;
  EXPECT_FALSE(function.hook(reseed));
  EXPECT_EQ(function.call().out, "trapped\n");
}

TEST(ShellHookTest, AStatusOtherThanZeroIsTheProblem) {
  Function function("handler() { :; }; prepare() { echo why >&2; return 7; }");
  const auto problem = function.hook(hook("prepare"));
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->message, "the hook ended with status 7.");
  EXPECT_EQ(problem->lines, std::vector<std::string>{"why"});
  EXPECT_EQ(problem->type, api::ErrorType::Known::after_restore);
}

TEST(ShellHookTest, AnExitIsTheProblemAndTheNextCallHasANewShell) {
  Function function("handler() { echo here; }; prepare() { exit 0; }");
  const auto problem = function.hook(hook("prepare"));
  ASSERT_TRUE(problem);
  EXPECT_NE(problem->message.find("ended its shell, which ended with status 0"), std::string::npos)
      << problem->message;
  EXPECT_EQ(function.call().out, "here\n");
}

TEST(ShellHookTest, OneThatTakesTooLongIsEndedWithItsShell) {
  Function function("handler() { :; }; prepare() { trap '' TERM; sleep 64; }");
  const auto problem = function.hook(hook("prepare", base::Deadline::after(200ms)));
  ASSERT_TRUE(problem);
  EXPECT_NE(problem->message.find("took too long"), std::string::npos) << problem->message;
}

TEST(ShellHookTest, OneThatRedefinesBuiltinOrRemovesTheHandlerIsTheProblem) {
  for (const auto* const body : {"builtin() { :; }", "unset -f handler"}) {
    Function function(std::string("handler() { :; }; prepare() { ") + body + "; }");
    EXPECT_TRUE(function.hook(hook("prepare"))) << body;
  }
}

TEST(ShellHookTest, ABackgroundProcessOfItStaysWhereThatOfACallEnds) {
  Function function(
      "handler() { kill -0 $daemon && echo alive; sleep 64 & }\n"
      "prepare() { sleep 64 >/dev/null 2>&1 & daemon=$!; }");
  EXPECT_FALSE(function.hook(hook("prepare")));
  for (int i = 0; i < 2; ++i) EXPECT_EQ(function.call().out, "alive\n");
}

TEST(ShellHookTest, AShellInItsPlaceRunsItAgain) {
  Function function("handler() { [ \"$1\" != die ] || kill -9 $$; echo $state; }; prepare() { state=set; }");
  EXPECT_FALSE(function.hook(hook("prepare")));
  function.call("die");
  EXPECT_EQ(function.call().out, "set\n");
}

TEST(ShellHookTest, AShellInItsPlaceThatCannotRunItServesNoCall) {
  Function function(
      "handler() { [ \"$1\" != die ] || kill -9 $$; echo $state; }\n"
      "prepare() { [ ! -e broken ] || return 1; state=set; }");
  EXPECT_FALSE(function.hook(hook("prepare")));
  function.root().write("broken", "");
  function.call("die");
  for (int i = 0; i < 2; ++i) {
    const auto called = function.call();
    EXPECT_EQ(called.out, "");
    const auto* lost = std::get_if<proc::Lost>(&called.result.ending);
    ASSERT_NE(lost, nullptr);
    EXPECT_NE(lost->reason.find("the hook ended with status 1"), std::string::npos) << lost->reason;
  }
  ::unlink((function.root() / "broken").c_str());
  EXPECT_EQ(function.call().out, "set\n");
}

TEST(ShellHookTest, RandomNumbersAreNewWhereItIsACopy) {
  const auto number_in = [](bool restored) {
    Function function("RANDOM=1; handler() { :; }; prepare() { echo number $RANDOM $RANDOM; }");
    auto prepare = hook("prepare");
    prepare.restored = restored;
    EXPECT_FALSE(function.hook(prepare));
    return function.log();
  };
  EXPECT_EQ(number_in(false), number_in(false));
  EXPECT_NE(number_in(true), number_in(true));
}
