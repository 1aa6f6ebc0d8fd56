// SPDX-License-Identifier: Apache-2.0
#include "test_case.h"

#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

// ---- What passes, what fails.

TEST(TestVerbTest, PrintsTapAndEndsWithZeroWhereEveryAnswerIsTheExpectedOne) {
  const Cases cases("cat");
  cases.with("one", {{"event.json", "{\"n\": 1}\n"}, {"expected", "{\"n\": 1}\n"}});
  cases.with("two", {{"event", "[2]"}, {"expected", "[2]"}, {"status", "ok\n"}});
  cases.with("none", {{"expected", "{}"}});
  const auto result = cases.test();
  EXPECT_EQ(result.state, exited(0)) << result.err;
  EXPECT_TRUE(
      result.out.starts_with("TAP version 13\n1..3\nok 1 - none\nok 2 - one\nok 3 - two\n# 3 passed, 0 "
                             "failed, "))
      << result.out;
}

TEST(TestVerbTest, ShowsTheFirstLineThatDiffersAndEndsWithOne) {
  const Cases cases("printf 'a\\nb\\tc\\033[2J\\nd\\n'");
  cases.with("lines", {{"expected", "a\nb\nd\n"}}).with("other", {{"expected", "a\nb\tc\033[2J\nd\n"}});
  const auto result = cases.test();
  EXPECT_EQ(result.state, exited(1));
  EXPECT_TRUE(has(result.out,
                  "not ok 1 - lines\n#   line 2 differs\n#   expected: b\\n\n#   answer:   b\\tc\\x1b[2J\\n\n"
                  "ok 2 - other\n# 1 passed, 1 failed"))
      << result.out;
}

TEST(TestVerbTest, TakesTheCommandOfShellstrapJsonOrOneOnTheCommandLine) {
  const Cases cases("exit 1");
  cases.folder.write("function/shellstrap.json", "{\"command\": [\"tr\", \"a\", \"b\"]}");
  cases.with("one", {{"event", "\"a\""}, {"expected", "\"b\""}});
  EXPECT_EQ(cases.run({"test", "function"}).state, exited(0));
  EXPECT_EQ(cases.run({"test", "function", "--", "tr", "a", "c"}).state, exited(1));
}

TEST(TestVerbTest, EveryCaseIsCalledTwiceUnlessOnceIsSaid) {
  const Cases cases("date +%s%N");
  cases.with("now", {{"expected", ""}});
  ASSERT_EQ(cases.test({"--update", "--once"}).state, exited(0));
  const Cases counter("echo x >>count; wc -l <count");
  counter.with("count", {{"expected", "1\n"}});
  const auto twice = counter.test();
  EXPECT_EQ(twice.state, exited(1));
  EXPECT_TRUE(has(twice.out, "the second call does not answer as the first did")) << twice.out;
  EXPECT_TRUE(has(twice.out, "#   expected: 1\\n\n#   answer:   2\\n\n")) << twice.out;
  counter.with("count", {{"expected", "3\n"}});
  EXPECT_EQ(counter.test({"--once"}).state, exited(0));
}

TEST(TestVerbTest, OneEnvironmentServesAllAndACallThatEndsItCostsItselfOnly) {
  const Cases cases("echo $PPID >>pids; if grep -q die; then kill -9 $PPID; else echo fine; fi");
  for (const auto* name : {"a", "b", "d", "e"}) cases.with(name, {{"expected", "fine\n"}});
  cases.with(
      "c",
      {{"event", "\"die\""}, {"status", "error"}, {"expected", "{\"errorType\": \"Runtime.ExitError\"}"}});
  const auto result = cases.test();
  EXPECT_EQ(result.state, exited(0)) << result.out;
  std::istringstream lines(cases.text_of("function/pids"));
  std::set<std::string> pids;
  for (std::string line; std::getline(lines, line);) pids.insert(line);
  EXPECT_EQ(pids.size(), 3U);  // c ends two of them
}

TEST(TestVerbTest, AFunctionThatCannotBeInitialisedBailsOutWithTwo) {
  const Cases cases("cat");
  cases.with("one", {{"expected", "{}"}});
  const auto result = cases.test({"--env", "SHELLSTRAP_RESPONSE=nonsense"});
  EXPECT_EQ(result.state, exited(2));
  EXPECT_TRUE(has(result.out, "Bail out!")) << result.out;
  EXPECT_TRUE(has(result.err, "SHELLSTRAP_RESPONSE")) << result.err;
}

// ---- Errors, deadlines, the log.

TEST(TestVerbTest, AnErrorIsExpectedByItsTypeItsMessageOrBoth) {
  const Cases cases("echo '{\"errorType\": \"Mine\", \"errorMessage\": \"no such user\"}'; exit 1");
  const auto expecting = [](const std::string& object) {
    return std::map<std::string, std::string>{{"status", "error\n"}, {"expected", object}};
  };
  cases.with("a", expecting("{\"errorType\": \"Mine\"}"));
  cases.with(
      "b",
      expecting("{\"errorMessage\": \"no such user\", \"errorType\": \"Mine\", \"stackTrace\": [\"x\"]}\n"));
  cases.with("c", expecting("{\"errorMessage\": \"no such group\"}"));
  cases.with("d", expecting("{\"stackTrace\": []}"));
  cases.with("e", expecting("{}"));
  cases.with("f", {{"expected", "{}"}});
  const auto result = cases.test();
  EXPECT_EQ(result.state, exited(1));
  for (const auto* part :
       {"ok 1 - a\nok 2 - b\nnot ok 3 - c\n", "#   answer:     \"errorMessage\": \"no such user\"",
        "not ok 4 - d\n#   expected: of an error it is a JSON object with errorType", "not ok 5 - e\n",
        "not ok 6 - f\n#   the call failed: {\"errorMessage\":\"no such user\""})
    EXPECT_TRUE(has(result.out, part)) << part << "\n" << result.out;
}

TEST(TestVerbTest, WhatIsMeasuredInAnErrorIsNotCompared) {
  const Cases cases("exit 3");
  cases.with("a", {{"status", "error"},
                   {"expected", "{\"errorMessage\": \"x.sh exited with status 3 after 12345 ms\"}"}});
  EXPECT_EQ(cases.test().state, exited(0));
}

TEST(TestVerbTest, SuccessWhereAnErrorIsExpectedFails) {
  const Cases cases("cat");
  cases.with("a", {{"status", "error"}, {"expected", "{\"errorType\": \"X\"}"}});
  const auto result = cases.test();
  EXPECT_EQ(result.state, exited(1));
  EXPECT_TRUE(has(result.out, "the call succeeded, status says error")) << result.out;
}

TEST(TestVerbTest, EveryCallHasTheDeadlineOfTheFunction) {
  const Cases cases("sleep 60");
  cases.with("slow", {{"status", "error"}, {"expected", "{\"errorType\": \"Function.Timeout\"}"}});
  EXPECT_EQ(cases.test({"--timeout", "3", "--once"}).state, exited(0));
}

TEST(TestVerbTest, LinesOfStderrAreFoundInTheLogOfThatCallAndOfNoOther) {
  const Cases cases("e=$(cat); echo \"log of $e\" >&2; echo ok");
  cases.with("a", {{"event", "1"}, {"expected", "ok\n"}, {"stderr", "log of 1\n\nof 1\n"}});
  cases.with("b", {{"event", "2"}, {"expected", "ok\n"}, {"stderr", "log of 1\n"}});
  const auto result = cases.test();
  EXPECT_EQ(result.state, exited(1));
  EXPECT_TRUE(has(result.out,
                  "ok 1 - a\nnot ok 2 - b\n#   the log lacks a line of stderr: log of 1\n"
                  "#   log: log of 2\n"))
      << result.out;
}

// ---- How answers are compared.

TEST(TestVerbTest, JsonIsComparedByteForByteUnlessTheOptionIsGiven) {
  const Cases cases("echo '{\"b\": [1, 2], \"a\": \"x\"}'");
  cases.with("same", {{"expected", "{\"a\":\"x\",\"b\":[1,2]}"}});
  cases.with("other", {{"expected", "{\"a\":\"x\",\"b\":[2,1]}"}});
  EXPECT_TRUE(has(cases.test({"--filter", "same"}).out, "not ok 1 - same\n#   line 1 differs"));
  EXPECT_EQ(cases.test({"--filter", "same", "--json"}).state, exited(0));
  const auto other = cases.test({"--filter", "other", "--json"});
  EXPECT_EQ(other.state, exited(1));
  EXPECT_TRUE(has(other.out, "#   line 4 differs\n#   expected:     2,\\n\n#   answer:       1,\\n\n"))
      << other.out;
}

TEST(TestVerbTest, ANewlineThatIsMissingIsSaidInWords) {
  const Cases cases("printf x");
  cases.with("a", {{"expected", "x\n"}});
  EXPECT_TRUE(has(cases.test().out, "#   the answer lacks the newline at the end of expected\n"));
}

TEST(TestVerbTest, MasksOfTheCaseAndOfAllHideWhatChanges) {
  const Cases cases(
      "echo \"{\\\"id\\\": \\\"$AWS_LAMBDA_REQUEST_ID\\\", \\\"l\\\": [{\\\"t\\\": $(date +%N | "
      "sed 's/^0*//')}, 7]}\"");
  const std::string expected = "{\"id\": \"any\", \"l\": [{\"t\": 1}, 7]}";
  cases.with("a", {{"expected", expected}, {"mask", "# the time\n/l/0/t\n"}});
  cases.with("b", {{"expected", "{\"id\": 0, \"l\": [{\"t\": 1}, 8]}"}, {"mask", "/l/0/t\n"}});
  EXPECT_EQ(cases.test({"--filter", "a"}).state, exited(1));
  cases.folder.write("function/tests/mask", "/id\n/not/there\n");
  EXPECT_EQ(cases.test({"--filter", "a"}).state, exited(0));
  const auto b = cases.test({"--filter", "b"});
  EXPECT_TRUE(has(b.out, "#   expected:     8\\n\n#   answer:       7\\n\n")) << b.out;
}

TEST(TestVerbTest, AMaskOverTextFailsInsteadOfHidingNothing) {
  const Cases cases("echo text");
  cases.with("a", {{"expected", "text\n"}, {"mask", "/id\n"}});
  EXPECT_TRUE(has(cases.test().out, "expected is not JSON, which a mask wants"));
}

TEST(TestVerbTest, JsonNestedAsDeepAsItLikesIsText) {
  const Cases cases("head -c 2000000 /dev/zero | tr '\\0' '['");
  cases.with("a", {{"expected", "x"}});
  const auto result = cases.test({"--json"});
  EXPECT_EQ(result.state, exited(1)) << result.err;
  EXPECT_LT(result.out.size(), 1000U);
}

// ---- Secrets.

TEST(TestVerbTest, FindingsNeverShowASecretOfTheEnvironment) {
  const Cases cases("echo \"log $API_TOKEN\" >&2; printf 'a\\n%s\\n' \"$API_TOKEN $(cat)\"");
  cases.with("answer", {{"expected", "a\n"}});
  cases.with("log", {{"expected", "x"}, {"stderr", "nowhere"}});
  cases.with("none", {{"event", "1"}});
  const auto result = cases.test({"--env", "API_TOKEN=canary-11", "--junit", "r.xml"});
  EXPECT_EQ(result.state, exited(1));
  EXPECT_TRUE(has(result.out, "#   answer:   REDACTED {}\\n\n")) << result.out;
  EXPECT_TRUE(has(result.out, "log: log REDACTED\n")) << result.out;
  EXPECT_FALSE(has(result.out + result.err + cases.text_of("r.xml"), "canary"));
}

TEST(TestVerbTest, ADifferenceInASecretIsSaidWithoutIt) {
  const Cases cases("echo $API_TOKEN");
  cases.with("a", {{"expected", "canary-22\n"}});
  const auto result = cases.test({"--env", "API_TOKEN=canary-11", "--env", "OLD_TOKEN=canary-22"});
  EXPECT_TRUE(has(result.out, "the answer differs where a secret stands")) << result.out;
}

// ---- What is a case.

TEST(TestVerbTest, HiddenFoldersAndNotesAreNoCases) {
  const Cases cases("cat");
  cases.with("a", {{"expected", "{}"}, {"README.md", "what for"}, {".keep", ""}});
  cases.with(".git", {{"x", ""}}).with("__pycache__", {{"x", ""}});
  cases.folder.write("function/tests/notes.txt", "x");
  EXPECT_TRUE(has(cases.test().out, "1..1\nok 1 - a\n"));
}

TEST(TestVerbTest, AnEventThatIsNoJsonIsToldOf) {
  const Cases cases("cat");
  cases.with("a", {{"event", "text"}, {"expected", "text"}});
  const auto result = cases.test();
  EXPECT_EQ(result.state, exited(0));
  EXPECT_TRUE(has(result.out, "ok 1 - a\n#   the event is not JSON, which Lambda would refuse"))
      << result.out;
}

// ---- Options.

TEST(TestVerbTest, FilterTakesAGlobOfNames) {
  const Cases cases("cat");
  for (const auto* name : {"resize-1", "resize-2", "other"}) cases.with(name, {{"expected", "{}"}});
  EXPECT_TRUE(has(cases.test({"--filter", "resize-*"}).out, "1..2\nok 1 - resize-1\nok 2 - resize-2\n# 2"));
}

TEST(TestVerbTest, JunitHasTheSameResultsAsXml) {
  const Cases cases("printf 'a<&>\"b'");
  cases.with("bad \"<&>\" name", {{"expected", "a<&>"}}).with("good", {{"expected", "a<&>\"b"}});
  EXPECT_EQ(cases.test({"--junit", "r.xml"}).state, exited(1));
  const auto xml = cases.text_of("r.xml");
  for (const auto* part :
       {"<testsuite name=\"function\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\" time=\"",
        "<testcase classname=\"function\" name=\"bad &quot;&lt;&amp;&gt;&quot; name\" time=\"",
        "<failure message=\"line 1 differs\">line 1 differs\nexpected: a&lt;&amp;&gt;\n",
        "name=\"good\" time=\"", "</testsuite>\n"})
    EXPECT_TRUE(has(xml, part)) << part << "\n" << xml;
}

TEST(TestVerbTest, CtrlCEndsAtOnceWithWhatWasDone) {
  const Cases cases("if grep -q slow; then touch begun; sleep 600; else echo fine; fi");
  cases.with("a", {{"expected", "fine\n"}}).with("b", {{"event", "\"slow\""}, {"expected", ""}});
  cases.with("c", {{"expected", "fine\n"}});
  const auto result = support::run_tool(
      {"/bin/sh", "-c",
       "cd \"$0\"; \"$1\" test function --handler x.sh --timeout 600 --junit r.xml & pid=$!\n"
       "while ! [ -e \"$0/function/begun\" ]; do sleep 0.01; done; kill -INT $pid; wait $pid; echo \"status "
       "$?\"",
       cases.folder.path(), support::cli_program()},
      {}, cases.environment());
  EXPECT_TRUE(has(result.out, "1..3\nok 1 - a\nstatus 130\n")) << result.out;
  EXPECT_TRUE(has(result.err, "interrupted: 1 of 3 cases were run")) << result.err;
  EXPECT_TRUE(has(cases.text_of("r.xml"), "tests=\"1\" failures=\"0\""));
}

}  // namespace
