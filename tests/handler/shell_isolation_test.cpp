// SPDX-License-Identifier: Apache-2.0
// What the file may do without disturbing its calls, and what one call cannot do to the next.
#include "shell_fixture.h"

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <string>

namespace {

using namespace std::chrono_literals;
using base::Deadline;
using proc::ExitState;
using shell_test::Called;
using shell_test::CallOptions;
using shell_test::Function;

TEST(ShellIsolationTest, OptionsOfTheFileDisturbNothing) {
  const char* heads[] = {
      "set -euo pipefail",
      "set -C",
      "set -f",
      "set -a",
      "set -k",
      "set -T",
      "set -E",
      "set -P",
      "set -m",
      "set -o posix",
      "shopt -s nullglob",
      "shopt -s failglob",
      "shopt -s nocasematch",
      "shopt -s extglob dotglob globstar lastpipe inherit_errexit",
      "shopt -s extdebug",
      "shopt -s expand_aliases; alias printf=false builtin=false echo=false",
      "IFS=,",
      "IFS=0123456789",
      "IFS=",
      "readonly IFS",
      "trap 'echo trapped >/dev/null' EXIT",
      "trap 'true' DEBUG",
      "trap 'true' RETURN",
      "trap 'true' ERR",
      "trap 'true' CHLD",
      "trap '' TERM INT",
      "set -E; trap 'true' ERR",
      "set -T; trap 'true' DEBUG",
      "cd /",
      "HOME=; PATH=/usr/bin:/bin",
      "unset PATH",
      "SHELLOPTS_WERE=$-",
      "exec </dev/null",
      "exec >/dev/null 2>&1",
      "set -- a b c",
      "REPLY=x; _=y; LC_ALL=C",
      "umask 077",
      "ulimit -c 0",
      "enable -n echo; echo() { builtin printf '%s\\n' \"$*\"; }",
  };
  for (const char* head : heads) {
    Function function(std::string(head) + "\nhandler() { printf '%s' \"answer $1\"; }\n");
    ASSERT_TRUE(function.ready()) << head << ": " << function.problem().message;
    for (int call = 0; call < 3; ++call) {
      const auto called = function.call("e");
      // An alias and a disabled command are in force where the function is defined.
      if (std::string_view(head).find("alias") != std::string_view::npos) {
        EXPECT_EQ(called.status(), 1) << head;
        continue;
      }
      EXPECT_EQ(called.out, "answer e") << head;
      EXPECT_EQ(called.status(), 0) << head << ": " << called.err;
    }
  }
}

TEST(ShellIsolationTest, OptionsOfTheFileAreInForce) {
  const std::pair<const char*, const char*> cases[] = {
      {"set -f", "echo *"},
      {"shopt -s nullglob", "set -- *.none; echo $#"},
      {"IFS=,", "set -- $1; echo $#"},
      {"set -u", "(echo $nothing) 2>/dev/null || echo unset"},
      {"set -C", "{ echo x > function.sh; } 2>/dev/null || echo kept"},
      {"set -o pipefail", "false | true || echo failed"},
      {"set -a", "own=1; sh -c 'echo $own'"},
      {"set -x", "{ [[ $- == *x* ]] && echo traced; } 2>/dev/null"},
      {"set -Ee; trap 'echo caught' ERR", "false"},
      {"set -e", "[[ $- == *e* ]] && echo errexit"},
      {"set -m", "[[ $- == *m* ]] && echo monitor"},
      {"set -o posix", "shopt -qo posix && echo posix"},
  };
  const char* expected[] = {"*\n", "0\n",      "2\n",      "unset\n",   "kept\n",    "failed\n",
                            "1\n", "traced\n", "caught\n", "errexit\n", "monitor\n", "posix\n"};
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    const auto& [head, body] = cases[i];
    Function function(std::string(head) + "\nhandler() { " + body + "; }\n");
    EXPECT_EQ(function.call("a,b").out, expected[i]) << head;
    EXPECT_EQ(function.call("a,b").out, expected[i]) << head;
  }
}

TEST(ShellIsolationTest, OptionsAreTheShellsDefaults) {
  Function function("handler() { echo $-; shopt -qo pipefail || echo no pipefail; }");
  EXPECT_EQ(function.call().out, "hBc\nno pipefail\n");
}

TEST(ShellIsolationTest, OptionsFromOutsideHoldForTheFileAndTheCall) {
  Function function(
      "echo $-\nhandler() { [[ $- == *u* ]] && shopt -qo pipefail && echo both; echo $NOTHING; }",
      {.shell_options = {"-uo", "pipefail"}});
  EXPECT_EQ(function.log(), "huBc\n");
  const auto called = function.call();
  EXPECT_EQ(called.out, "both\n");
  EXPECT_EQ(called.status(), 1);
}

TEST(ShellIsolationTest, AnyFunctionMayBeDefined) {
  std::string file;
  for (const char* name :
       {"main",   "run",    "update",  "read",    "echo",   "exit",  "printf",  "wait",  "trap",
        "export", "set",    "mapfile", "exec",    "source", "shift", "declare", "unset", "eval",
        "shopt",  "return", "test",    "command", "kill",   "cat",   "true",    "false", "local",
        "cd",     "pwd",    "call",    "reap",    "type",   "jobs",  "times",   "return"})
    file += std::string(name) + "() { builtin printf '" + name + " was called\\n' >&2; }\n";
  file += ":() { builtin return 0; }\n[() { builtin return 1; }\n";
  file += "handler() { builtin printf %s \"$1\"; }\n";
  Function function(file);
  ASSERT_TRUE(function.ready()) << function.problem().message;
  for (int call = 0; call < 3; ++call) {
    const auto called = function.call("kept");
    EXPECT_EQ(called.out, "kept");
    EXPECT_EQ(called.err, "");
    EXPECT_EQ(called.status(), 0);
  }
}

TEST(ShellIsolationTest, FunctionNamedLikeABuiltinIsTheHandler) {
  Function function("exit() { echo mine; }", {.function = "exit"});
  ASSERT_TRUE(function.ready());
  EXPECT_EQ(function.call().out, "mine\n");
}

TEST(ShellIsolationTest, NothingOfACallReachesTheNext) {
  Function function(R"(state=initial
helper() { echo original; }
handler() {
  echo "$state $PWD $- $(helper) $(trap -p TERM | grep -c mine) ${EXPORTED-none} $(umask) $IFS$#"
  state=changed; cd /; set -efu; trap 'echo mine' TERM; export EXPORTED=1; umask 077; IFS=,
  helper() { echo replaced; }; unset -f handler; readonly state; shopt -s nullglob; set -- 1 2; exec 2>/dev/null
})");
  const auto first = function.call().out;
  EXPECT_TRUE(first.starts_with("initial " + function.root().path() + " hBc original 0 none")) << first;
  for (int call = 0; call < 4; ++call) EXPECT_EQ(function.call().out, first);
}

TEST(ShellIsolationTest, WhatTheFileSetsUpIsThereInEveryCall) {
  Function function(
      "export SETUP=done; cd /tmp; count=0\nhandler() { sh -c 'echo $SETUP'; pwd; echo $((++count)); }");
  for (int call = 0; call < 3; ++call) EXPECT_EQ(function.call().out, "done\n/tmp\n1\n");
}

TEST(ShellIsolationTest, FilesSurvive) {
  Function function("handler() { echo x >>\"$PWD/kept\"; wc -l <kept; }");
  EXPECT_EQ(function.call().out, "1\n");
  EXPECT_EQ(function.call().out, "2\n");
}

TEST(ShellIsolationTest, BackgroundProcessDoesNotDelayTheAnswerAndIsEnded) {
  for (const char* body : {"sleep 600 & echo $!", "sleep 600 & echo $!; exit 0", "(sleep 600 & echo $!)",
                           "setsid sleep 600 & echo $!", "trap '' TERM; sleep 600 & echo $!",
                           "set -m; sleep 600 & echo $!; disown"}) {
    Function function("handler() { " + std::string(body) + "; }");
    const auto called = function.call();
    EXPECT_LT(called.result.elapsed, 20s) << body;
    EXPECT_EQ(called.status(), 0);
    ASSERT_NE(called.out, "") << body;
    EXPECT_FALSE(support::is_alive(std::stoi(called.out))) << body;
  }
}

TEST(ShellIsolationTest, TreeOfSetsidProcessesIsEnded) {
  Function function(R"(handler() {
  setsid sh -c 'setsid sh -c "sleep 600 & echo \$! >kept; mv kept pid; wait" & wait' </dev/null >/dev/null 2>&1 &
  until [[ -e pid ]]; do sleep 0.01; done
  cat pid; rm pid
})");
  for (int call = 0; call < 3; ++call) {
    const auto called = function.call();
    ASSERT_NE(called.out, "");
    EXPECT_FALSE(support::is_alive(std::stoi(called.out)));
  }
}

TEST(ShellIsolationTest, LateWritersNeverReachALaterAnswerNorReadItsEvent) {
  Function function(R"(handler() {
  if [[ $1 == flood ]]; then
    echo flooding
    for start in "" "setsid " "setsid setsid "; do
      $start sh -c 'trap "" TERM HUP; while :; do echo late; echo late >&2; head -c 3; done' &
    done
    (while :; do echo later; done) &
  else
    echo "answer $1"; cat
  fi
})");
  for (int round = 0; round < 10; ++round) {
    EXPECT_TRUE(function.call("flood").out.starts_with("flooding\n"));
    for (const std::string event : {"one", "two", "three"}) {
      const auto called = function.call(event);
      EXPECT_EQ(called.out, "answer " + event + "\n" + event);
      EXPECT_EQ(called.err, "");
    }
  }
}

TEST(ShellIsolationTest, LeftoversThatAreKeptCannotReachALaterAnswer) {
  Function function(R"(handler() {
  if [[ $1 == leave ]]; then setsid sh -c 'while sleep 0.01; do echo late; echo late >&2; done' & echo $!; fi
  printf '%s' "$1"
})",
                    {.leftovers = handler::Leftovers::keep});
  const auto called = function.call("leave");
  const auto pid = std::stoi(called.out);
  for (const std::string event : {"one", "two", "three"}) EXPECT_EQ(function.call(event).out, event);
  EXPECT_EQ(function.warnings(), "");
  ::kill(pid, SIGKILL);
}

TEST(ShellIsolationTest, WhatTheFileStartedStays) {
  Function function(
      "sleep 600 &\nresident=$!\nhandler() { kill -0 $resident && echo alive; echo $resident >&2; }");
  std::string pid;
  for (int call = 0; call < 4; ++call) {
    const auto called = function.call();
    EXPECT_EQ(called.out, "alive\n");
    pid = called.err;
  }
  function.end();
  EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(std::stoi(pid)); }));
}

TEST(ShellIsolationTest, ManyCallsLeaveNothingBehind) {
  Function function("handler() { echo ok; sleep 100 & }");
  for (int call = 0; call < 5; ++call) function.call();
  const auto descriptors = support::open_descriptors(::getpid()).size();
  for (int call = 0; call < 200; ++call) ASSERT_EQ(function.call().out, "ok\n");
  EXPECT_EQ(support::open_descriptors(::getpid()).size(), descriptors);
  const auto shells = support::children_of(::getpid());
  ASSERT_EQ(shells.size(), 1U);
  EXPECT_LE(support::children_of(shells.front()).size(), 2U);
}

TEST(ShellIsolationTest, EndOfTheRunnerLeavesNoProcess) {
  Function function("handler() { echo $BASHPID; }");
  function.call();
  const auto shell = support::children_of(::getpid()).front();
  const auto forks = support::children_of(shell);
  function.end();
  EXPECT_TRUE(support::children_of(::getpid()).empty());
  for (const auto fork : forks)
    EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(fork); })) << fork;
}

// The pipes are the same in each call, and so is what programs switch in them: another's answer would be cut.
TEST(ShellIsolationTest, WhatACallSwitchesInItsPipesIsBackInTheNext) {
  Function function(R"(handler() {
  [ -z "$1" ] || dd if=/dev/null oflag="$1" status=none
  grep -h flags /proc/self/fdinfo/1 /proc/self/fdinfo/2
  [ -z "$1" ] || dd if=/dev/null oflag="$1" status=none >&2
})");
  const auto before = function.call("");
  EXPECT_NE(before.out, "");
  for (const char* flag : {"nonblock", "direct", "append"}) {
    EXPECT_NE(function.call(flag).out, before.out) << flag;
    EXPECT_EQ(function.call("").out, before.out) << flag;
  }
}

}  // namespace
