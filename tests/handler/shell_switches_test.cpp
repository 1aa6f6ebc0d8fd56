// SPDX-License-Identifier: Apache-2.0
// Whatever a file switches in bash has no effect on how its functions are called, or is an init error that
// names it.
#include "shell_fixture.h"

#include <unistd.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace std::chrono_literals;
using shell_test::Called;
using shell_test::Function;
using shell_test::FunctionOptions;

constexpr std::string_view kHandler = "\nhandler() { printf 'answer %s' \"$1\"; }\n";

void expect_answers(std::string_view head, FunctionOptions options = {}) {
  Function function(std::string(head) + std::string(kHandler), std::move(options));
  ASSERT_TRUE(function.ready()) << head << ": " << function.problem().message;
  for (const std::string event : {"one", "", "three"}) {
    const Called called = function.call(event);
    EXPECT_EQ(called.status(), 0) << head;
    EXPECT_EQ(called.out, "answer " + event) << head;
    EXPECT_EQ(called.err, "") << head;
  }
}

TEST(ShellSwitchesTest, AreNoneOfOurBusiness) {
  for (const char* head :
       {"shopt -s nocasematch; set -eu",
        "shopt -s nocasematch extglob nullglob failglob",
        "shopt -s extdebug",
        "shopt -s extdebug; trap ':' DEBUG",
        "set -T; trap ':' DEBUG RETURN",
        "set -E; trap 'echo err' ERR",
        "trap ':' DEBUG",
        "trap 'echo return' RETURN",
        "trap 'exit 9' EXIT",
        "trap 'exit 9' TERM USR1; trap : CHLD",
        "trap '' INT TERM",
        "TMOUT=1",
        "export TMOUT=1",
        "readonly TMOUT=1",
        "readonly SECONDS",
        "unset SECONDS",
        "readonly RANDOM",
        "readonly IFS=x",
        "IFS=0123456789",
        "coproc cat",
        "coproc { sleep 60; }",
        "enable -n test",
        "enable -n '['",
        "set -o posix",
        "set -euo pipefail",
        "set -f; set -C",
        "set -k",
        "set -a",
        "set -x; set +x",
        "set -m",
        "set -H",
        "set +B",
        "set -r",
        "FUNCNEST=1",
        "exec 3</dev/null 9</dev/null 40</dev/null 63</dev/null 100</dev/null",
        "exec 118>/dev/null",
        "exec 3</dev/null 26</dev/null",
        "exec <&-",
        "_shellstrap_call() { :; }",
        "unset -f _shellstrap_call",
        "BASH_ARGV0=other",
        "LC_ALL=C",
        "LANG=nonsense",
        "alias builtin=false for=false while=false exit=false; shopt -s expand_aliases nocasematch; set -u",
        "command_not_found_handle() { echo \"$@\"; }",
        "trap() { echo mine; }; set() { :; }; export() { :; }",
        "printf -v BASH_ENV x",
        "set -- a b c",
        "shift_verbose=1; shopt -s shift_verbose",
        "umask 777; umask 022"})
    expect_answers(head);
}

TEST(ShellSwitchesTest, InTheEnvironmentAreNoneOfOurBusinessEither) {
  for (const char* variable :
       {"TMOUT=1", "BASHOPTS=nocasematch", "BASHOPTS=extdebug", "SHELLOPTS=errexit:nounset",
        "SHELLOPTS=posix", "POSIXLY_CORRECT=1", "IFS=0123456789", "BASH_ARGV0=x"}) {
    FunctionOptions options;
    options.variables = {variable};
    SCOPED_TRACE(variable);
    expect_answers("", std::move(options));
  }
}

// The file's -e and -u hold in calls though patterns match without case.
TEST(ShellSwitchesTest, ErrexitHoldsBesidePatternsWithoutCase) {
  for (const char* head : {"shopt -s nocasematch; set -eu", "set -eu; shopt -s nocasematch"}) {
    Function function(std::string(head) + "\nhandler() { false; echo reached; }");
    const Called called = function.call();
    EXPECT_EQ(called.status(), 1) << head;
    EXPECT_EQ(called.out, "") << head;
  }
}

TEST(ShellSwitchesTest, NoCasematchIsInForceInACall) {
  Function function("shopt -s nocasematch\nhandler() { [[ ABC == abc ]] && echo same; }");
  EXPECT_EQ(function.call().out, "same\n");
}

TEST(ShellSwitchesTest, ReadOfACallStillHasTmout) {
  Function function("TMOUT=1\nhandler() { read -r line < <(sleep 5); echo \"$?\"; }");
  const Called called = function.call();
  EXPECT_EQ(called.out, "142\n");
}

TEST(ShellSwitchesTest, AFunctionMayMoveAnyDescriptorAndLowerItsLimits) {
  for (const char* body : {"ulimit -n 32", "{ exec 63>&1; echo hidden >/dev/null; }", "exec 110>&- 118>&-",
                           "coproc cat; exec {COPROC[1]}>&-", ": > >(cat >/dev/null)"}) {
    Function function("handler() { " + std::string(body) + "; echo done; }");
    for (int call = 0; call < 3; ++call) {
      const Called called = function.call();
      EXPECT_EQ(called.status(), 0) << body;
      EXPECT_EQ(called.out, "done\n") << body;
    }
  }
}

// Words of ours, a trace or an error that went astray would be a file in the folder of the call.
TEST(ShellSwitchesTest, NoSwitchLeavesAFileOrAWordOfOurs) {
  for (const std::string words :
       {"exec 7>/dev/null; BASH_XTRACEFD=7", "exec 7>/dev/null; BASH_XTRACEFD=7; set -x", "POSIXLY_CORRECT=1",
        "set -o posix", "set -o noclobber", "set -a", "shopt -s extdebug", "trap : DEBUG", "trap : EXIT",
        "IFS=10", "shopt -s nullglob failglob"})
    for (const bool in_call : {false, true}) {
      const std::string text =
          in_call ? "handler() { " + words + "; echo done; }" : words + "\nhandler() { echo done; }";
      Function function(text);
      ASSERT_TRUE(function.ready()) << text << ": " << function.problem().message;
      for (int call = 0; call < 2; ++call) {
        const Called called = function.call();
        EXPECT_EQ(called.out, "done\n") << text;
        EXPECT_EQ(called.err, "") << text;
      }
      for (const auto& entry : std::filesystem::directory_iterator(function.root().path()))
        EXPECT_EQ(entry.path().filename(), "function.sh") << text;
    }
}

// Else their values, which come from the event, would be code.
TEST(ShellSwitchesTest, NoAttributeOfAVariableMakesCodeOfAnEvent) {
  for (const char* attribute : {"-i", "-n", "-u", "-ai"})
    for (const std::string name : {"EVENT_DATA", "LAMBDA_RUNTIME_CLIENT_CONTEXT", "RECORD_KEY"}) {
      Function function("declare " + std::string(attribute) + " " + name +
                        "\nhandler() { printf '%s' \"$1\"; [[ -n $LAMBDA_RUNTIME_CLIENT_CONTEXT ]]; }");
      ASSERT_TRUE(function.ready()) << function.problem().message;
      const std::string code = "a[$(touch " + (function.root() / "pwned") + "; echo 0)]";
      shell_test::CallOptions options;
      options.context = {{"Lambda-Runtime-Client-Context", code}};
      EXPECT_EQ(function.call(code, options).out, code) << attribute << " " << name;
      EXPECT_NE(::access((function.root() / "pwned").c_str(), F_OK), 0) << attribute << " " << name;
    }
}

struct Refused {
  std::string head;
  std::string type;
  std::string named;
};

TEST(ShellSwitchesTest, ThatCannotBeBorneAreInitErrorsThatNameThem) {
  const std::vector<Refused> table = {
      {"enable -n builtin", "Runtime.InvalidHandler", "`builtin`"},
      {"enable -n printf", "Runtime.InvalidHandler", "`printf`"},
      {"enable -n mapfile", "Runtime.InvalidHandler", "`mapfile`"},
      {"enable -n read", "Runtime.InvalidHandler", "`read`"},
      {"enable -n wait", "Runtime.InvalidHandler", "`wait`"},
      {"enable -n trap", "Runtime.InvalidHandler", "`trap`"},
      {"enable -n export", "Runtime.InvalidHandler", "`export`"},
      {"enable -n enable", "Runtime.InvalidHandler", "enable -n"},
      {"builtin() { :; }", "Runtime.InvalidHandler", "redefines `builtin`"},
      {"builtin() { command builtin \"$@\"; }; readonly -f builtin", "Runtime.InvalidHandler", "`builtin`"},
      {"shopt -s extdebug; trap '((0))' DEBUG", "Runtime.InvalidHandler", "DEBUG trap"},
      {"shopt -s extdebug; trap 'false' DEBUG", "Runtime.InvalidHandler", "DEBUG trap"},
      {"readonly EVENT_DATA", "Runtime.InvalidHandler", "EVENT_DATA read-only"},
      {"readonly EVENT_DATA=x", "Runtime.InvalidHandler", "EVENT_DATA read-only"},
      {"readonly AWS_LAMBDA_REQUEST_ID", "Runtime.InvalidHandler", "AWS_LAMBDA_REQUEST_ID read-only"},
      {"readonly AWS_LAMBDA_DEADLINE_MS", "Runtime.InvalidHandler", "AWS_LAMBDA_DEADLINE_MS read-only"},
      {"readonly AWS_LAMBDA_FUNCTION_ARN", "Runtime.InvalidHandler", "AWS_LAMBDA_FUNCTION_ARN read-only"},
      {"readonly AWS_LAMBDA_TRACE_ID", "Runtime.InvalidHandler", "AWS_LAMBDA_TRACE_ID read-only"},
      {"readonly _X_AMZN_TRACE_ID", "Runtime.InvalidHandler", "_X_AMZN_TRACE_ID read-only"},
      {"ulimit -n 64", "Runtime.InitError", "ulimit -n"},
  };
  for (const auto& [head, type, named] : table) {
    const auto started = base::SteadyClock::now();
    Function function(head + std::string(kHandler));
    ASSERT_FALSE(function.ready()) << head;
    EXPECT_EQ(function.problem().type.text(), type) << head;
    EXPECT_NE(function.problem().message.find(named), std::string::npos) << function.problem().message;
    EXPECT_LT(base::SteadyClock::now() - started, 4s) << head;
  }
}

// What hangs bash by itself, or lets it fork without end, is ended behind five seconds; nothing is left.
TEST(ShellSwitchesTest, ThatHangBashItselfAreAnInitErrorAtItsLimit) {
  for (const char* head :
       {"set -T; shopt -s extdebug; trap '(exit 2)' DEBUG", "trap 'while :; do :; done' DEBUG"}) {
    Function function(std::string(head) + std::string(kHandler));
    ASSERT_FALSE(function.ready()) << head;
    EXPECT_NE(function.problem().message.find("after it had sourced"), std::string::npos)
        << function.problem().message;
  }
}

}  // namespace
