// SPDX-License-Identifier: Apache-2.0
// What a shell function gets, and how its end is understood.
#include "shell_fixture.h"
#include "support/paths.h"

#include <algorithm>
#include <set>
#include <sstream>
#include <string>

namespace {

using shell_test::Called;
using shell_test::Function;

TEST(ShellContractTest, EventIsFirstArgumentStandardInputAndVariable) {
  Function function(R"(handler() { printf '%s|%s|' "$1" "$EVENT_DATA"; cat; printf '|%s' $#; })");
  EXPECT_EQ(function.call(R"({"k":"v"})").out, R"({"k":"v"}|{"k":"v"}|{"k":"v"}|1)");
}

TEST(ShellContractTest, EveryByteButNulArrivesInTheArgument) {
  Function function(R"(handler() { printf %s "$1"; })");
  std::string every;
  for (int byte = 1; byte < 256; ++byte) every.push_back(static_cast<char>(byte));
  const std::string events[] = {
      every,       "one\ntwo\n\n\n", "",    "\n", " \t blanks \t ", "café ✓", "a\\nb\\\\", "-n", "$(id) `id`",
      "* ? [a-z]", "\r\n\r\n",       "'\"", "\\", "\xff\xfe\xc3"};
  for (const auto& event : events) EXPECT_EQ(function.call(event).out, event);
}

TEST(ShellContractTest, ArgumentEndsAtTheFirstNulAndStandardInputHasThemAll) {
  Function function(R"(handler() { printf '%s\n' "$1"; cat; })");
  const std::string event("a\0b\0\0c", 6);
  EXPECT_EQ(function.call(event).out, "a\n" + event);
}

TEST(ShellContractTest, SixMegabytesArriveAndReturnEveryWay) {
  std::string event;
  while (event.size() < 6 * 1024 * 1024) event += "0123456789abcdef é\n";
  Function argument(R"(handler() { printf %s "$1"; })");
  EXPECT_TRUE(argument.call(event).out == event);
  Function input("handler() { cat; }");
  EXPECT_TRUE(input.call(event).out == event);
  EXPECT_EQ(input.call("small").out, "small");
  EXPECT_EQ(argument.call("small").out, "small");
}

TEST(ShellContractTest, StandardInputIsAtItsStartAndSeekable) {
  Function function("handler() { read -r first; cat; printf '|'; cat /dev/stdin; echo \"|$first\"; }");
  EXPECT_EQ(function.call("one\ntwo\n").out, "two\n|one\ntwo\n|one\n");
}

TEST(ShellContractTest, StatusIsTheShells) {
  const std::pair<const char*, int> bodies[] = {
      {"echo printed; exit 0", 0},
      {"exit 3", 3},
      {"return 3", 3},
      {"return 0", 0},
      {"false", 1},
      {"set -e; false; exit 0", 1},
      {"set -e; { false; }; exit 0", 1},
      {"set -u; echo \"$NOT_SET_ANYWHERE\"; exit 0", 1},
      {"no_such_command_anywhere", 127},
      {"(exit 5)", 5},
      {"exec sh -c 'exit 6'", 6},
      {"exec true", 0},
      {"trap 'exit 9' EXIT", 9},
      {"kill -9 $BASHPID", 137},
      {"kill -TERM $BASHPID; sleep 30", 143},
      {"kill -SEGV $BASHPID", 139},
      {"sh -c 'kill -9 $$'", 137},
      {"exit 255", 255},
      {"set -o pipefail; false | true", 1},
  };
  for (const auto& [body, status] : bodies) {
    Function function("handler() {\n" + std::string(body) + "\n}\n");
    EXPECT_EQ(function.call().status(), status) << body;
    EXPECT_EQ(function.call().status(), status) << "second call: " << body;
  }
}

TEST(ShellContractTest, AnswerIsComplete) {
  const char* bodies[] = {
      "echo answer",
      "echo answer; exit 0",
      "echo answer; exit 4",
      "echo answer; return 4",
      "exec echo answer",
      "trap 'echo answer' EXIT",
      "trap 'echo answer' EXIT; exit 3",
      "echo answer; kill -9 $BASHPID",
      "(echo answer)",
      "echo answer | cat",
      "trap - EXIT; echo answer",
  };
  for (const char* body : bodies) {
    Function function("handler() {\n" + std::string(body) + "\n}\n");
    EXPECT_EQ(function.call().out, "answer\n") << body;
    EXPECT_EQ(function.call().out, "answer\n") << "second call: " << body;
  }
}

TEST(ShellContractTest, NoTrailingNewlineIsAddedOrTaken) {
  Function function(R"(handler() { printf '{\n "a": 1\n}\n\n'; })");
  EXPECT_EQ(function.call().out, "{\n \"a\": 1\n}\n\n");
}

TEST(ShellContractTest, ErrexitOfTheFileEndsTheCall) {
  Function function("set -euo pipefail\nhandler() { false; echo not reached; }");
  const auto called = function.call();
  EXPECT_EQ(called.status(), 1);
  EXPECT_EQ(called.out, "");
}

TEST(ShellContractTest, VariablesOfTheInvocationAreExportedAndNeverStale) {
  Function function(R"(handler() { env | grep -E '^(LAMBDA_RUNTIME_|AWS_LAMBDA_|_X_AMZN)' | sort; })");
  EXPECT_EQ(function.call("{}", {.context = {{"Lambda-Runtime-Trace-Id", "Root=1;Sampled=1"}}}).out,
            "AWS_LAMBDA_REQUEST_ID=request-1\nAWS_LAMBDA_TRACE_ID=Root=1;Sampled=1\n"
            "LAMBDA_RUNTIME_AWS_REQUEST_ID=request-1\nLAMBDA_RUNTIME_TRACE_ID=Root=1;Sampled=1\n"
            "_X_AMZN_TRACE_ID=Root=1;Sampled=1\n");
  for (int call = 0; call < 3; ++call)
    EXPECT_EQ(function.call().out,
              "AWS_LAMBDA_REQUEST_ID=request-1\nLAMBDA_RUNTIME_AWS_REQUEST_ID=request-1\n");
}

TEST(ShellContractTest, VariablesAreDataWhateverTheyHold) {
  const std::string value = "a b $(id) `id` 'x' \"y\" \\n * ~ é \xff ;&|";
  Function function(R"(handler() { sh -c 'printf %s "$LAMBDA_RUNTIME_CLIENT_CONTEXT"'; })");
  EXPECT_EQ(function.call("{}", {.context = {{"Lambda-Runtime-Client-Context", value}}}).out, value);
  const std::string large(100'000, 'x');
  EXPECT_EQ(function.call("{}", {.context = {{"Lambda-Runtime-Client-Context", large}}}).out, large);
}

TEST(ShellContractTest, EventIsNotExportedUnderAllexport) {
  const std::string event(200'000, 'e');  // more than the kernel passes to a program
  for (const char* head : {"set -a", "export EVENT_DATA=old", "declare -x EVENT_DATA"}) {
    Function function(std::string(head) +
                      "\nhandler() { own=1; env | grep -c ^EVENT_DATA; env | grep ^own=; }");
    EXPECT_EQ(function.call(event).out.substr(0, 2), "0\n") << head;
  }
}

TEST(ShellContractTest, ProgramsHaveThreeDescriptors) {
  Function function("handler() { " + support::target_program() + " print-fds; }");
  for (int call = 0; call < 3; ++call) EXPECT_EQ(function.call().out, "0 1 2\n");
}

TEST(ShellContractTest, FunctionItselfHasNoOtherLowDescriptor) {
  Function function(
      "handler() { for n in 3 4 5 6 7 8 9 40 44 45 60 61 63; do { true >&\"$n\"; } 2>/dev/null && "
      "echo $n; done; true; }");
  EXPECT_EQ(function.call().out, "");
  EXPECT_EQ(function.call().out, "");
}

TEST(ShellContractTest, DescriptorsThatTheFileOpensStay) {
  Function function("exec 7<<<resident\nhandler() { cat <&7; }");
  EXPECT_EQ(function.call().out, "resident\n");
}

TEST(ShellContractTest, ProgramsHaveDefaultSignalsAndAnEmptyMask) {
  Function function("handler() { grep -E '^Sig(Blk|Ign)' /proc/self/status; }");
  const auto out = function.call().out;
  EXPECT_EQ(out, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
  Function background("handler() { grep -E '^Sig(Blk)' /proc/self/status & wait; }");
  EXPECT_EQ(background.call().out, "SigBlk:\t0000000000000000\n");
}

TEST(ShellContractTest, EachCallLeadsItsOwnProcessGroup) {
  Function function(
      "handler() { read -r _ _ _ _ group _ </proc/$BASHPID/stat; echo $((group == BASHPID)); }");
  EXPECT_EQ(function.call().out, "1\n");
  EXPECT_EQ(function.call().out, "1\n");
}

TEST(ShellContractTest, StartsInTheTaskRootAndFindsItsFiles) {
  Function function("source ./lib.sh 2>/dev/null\nhandler() { pwd; echo *; ./helper; }");
  function.root().write("helper", "#!/bin/sh\necho helped\n", 0755);
  EXPECT_EQ(function.call().out, function.root().path() + "\nfunction.sh helper\nhelped\n");
}

TEST(ShellContractTest, UnquotedExpansionsGlobAsInAnyShell) {
  Function function("handler() { echo $1; }");
  function.root().write("match.txt", "");
  EXPECT_EQ(function.call("*.txt").out, "match.txt\n");
}

TEST(ShellContractTest, StandardErrorIsApart) {
  Function function("handler() { echo out; echo err >&2; }");
  const auto called = function.call();
  EXPECT_EQ(called.out, "out\n");
  EXPECT_EQ(called.err, "err\n");
}

TEST(ShellContractTest, AnswerHasADescriptorOfItsOwnWhereAskedFor) {
  for (const int fd : {3, 9}) {
    const auto number = std::to_string(fd);
    Function function(
        "handler() { echo noise; echo \"answer $1\" >&" + number + "; sh -c 'echo more >&" + number + "'; }",
        {.answer_fd = fd});
    for (int call = 0; call < 3; ++call) {
      const auto called = function.call("x");
      EXPECT_EQ(called.out, "noise\n");
      EXPECT_EQ(called.third, "answer x\nmore\n");
      EXPECT_EQ(called.status(), 0) << called.err;
    }
  }
}

TEST(ShellContractTest, ProgramsHaveTheAnswersDescriptorAndNoOther) {
  Function function("handler() { " + support::target_program() + " print-fds; }", {.answer_fd = 5});
  EXPECT_EQ(function.call().out, "0 1 2 5\n");
}

TEST(ShellContractTest, CallsDifferInRandomAndProcessNumber) {
  Function function("handler() { echo $RANDOM-$RANDOM-$BASHPID; }");
  std::set<std::string> seen;
  for (int call = 0; call < 6; ++call) seen.insert(function.call().out);
  EXPECT_EQ(seen.size(), 6U);
}

TEST(ShellContractTest, SecondsCountFromTheCall) {
  Function function("SECONDS=1000\nhandler() { echo $((SECONDS < 100)); }");
  EXPECT_EQ(function.call().out, "1\n");
}

TEST(ShellContractTest, FileIsSourcedNotStarted) {
  Function function(
      "[[ ${BASH_SOURCE[0]} != \"$0\" ]] || echo started\necho \"$# arguments\"\nhandler() { :; }");
  EXPECT_EQ(function.log(), "0 arguments\n");
}

}  // namespace
