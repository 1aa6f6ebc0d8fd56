// SPDX-License-Identifier: Apache-2.0
// docs/migrating.md: shell functions that take the event as "$1". The names stand in its tables.
#include "migrating.h"

namespace {

using nlohmann::json;

constexpr const char* kPretty = R"(printf '{\n "a": 1\n}\n\n')";
constexpr const char* kPrettyAnswer = "{\n \"a\": 1\n}\n\n";

/// The layer of gkrizek as settings.
const migrating::Variables kGkrizek = {{"SHELLSTRAP_RESPONSE", "stderr"},
                                       {"SHELLSTRAP_SHELL_OPTIONS", "uo pipefail"}};

class TutorialTest : public migrating::Migrating {};

class GkrizekTest : public migrating::Migrating {
 protected:
  void start_body(const std::string& body) { start_function("handler() {\n" + body + "\n}\n", kGkrizek); }
};

class Ql4bImageTest : public migrating::Migrating {};

}  // namespace

TEST_F(TutorialTest, SampleRunsUnchanged) {
  start_sample("tutorial.handler");
  EXPECT_EQ(answer(R"({"name": "é"})"), "{\"characters\": 13}\n");
  EXPECT_TRUE(logs("an event of 13 characters\n"));
}

TEST_F(TutorialTest, EventIsTheFirstArgument) {
  start_function("handler() { echo \"$1\"; }");
  EXPECT_EQ(answer(R"({"k":"v"})"), "{\"k\":\"v\"}\n");
}

TEST_F(TutorialTest, OutputOfTheFileIsLog) {
  start_function("echo sourced\nhandler() { echo answer; }");
  EXPECT_EQ(answer(), "answer\n");
  EXPECT_TRUE(logs("sourced\n"));
}

TEST_F(TutorialTest, VariablesDoNotSurvive) {
  start_function("count=0\nhandler() { count=$((count + 1)); cd /; echo $count; }");
  EXPECT_EQ(answer(), "1\n");
  EXPECT_EQ(answer(), "1\n");
}

TEST_F(TutorialTest, NewlinesAtTheEndAreKept) {
  start_function("handler() { [[ $1 != *$'\\n' ]] || echo event too >&2; " + std::string(kPretty) + "; }");
  EXPECT_EQ(answer("{}\n"), kPrettyAnswer);
  EXPECT_TRUE(logs("event too\n"));
}

TEST_F(TutorialTest, FailureIsAnErrorAndTheEnvironmentStays) {
  start_function("handler() { [[ $1 == fine ]] || return 3; echo fine; }");
  EXPECT_EQ(error("Function.Exit3")["errorType"], "Function.Exit3");
  EXPECT_EQ(answer("fine"), "fine\n");
  EXPECT_TRUE(bootstrap_.is_running());
}

TEST_F(TutorialTest, ShellOptionsAreTheDefaultsUnlessSet) {
  start_function("handler() { false; false | true && echo \"$NOT_SET\" reached; }");
  EXPECT_EQ(answer(), " reached\n");
}

TEST_F(TutorialTest, OldShellOptionsAreASetting) {
  start_function(
      "handler() { case $1 in e) false ;; u) : \"$NOT_SET\" ;; p) false | true ;; esac; echo ok; }",
      {{"SHELLSTRAP_SHELL_OPTIONS", "euo pipefail"}});
  for (const auto* option : {"e", "u", "p"}) error("Function.Exit1", option);
  EXPECT_EQ(answer("fine"), "ok\n");
}

TEST_F(TutorialTest, AnswerMayBeLargeAndStartWithAnAt) {
  start_function("handler() { printf '@/etc/passwd'; [[ $1 != large ]] || head -c 300000 /dev/zero; }");
  EXPECT_EQ(answer(), "@/etc/passwd");
  EXPECT_EQ(answer("large").size(), 300'012U);
}

TEST_F(TutorialTest, StandardInputIsTheEventAndNotEmpty) {
  start_function("handler() { cat; cat </dev/null; }");
  EXPECT_EQ(answer("event"), "event");
}

TEST_F(TutorialTest, ContextIsInTheEnvironment) {
  start_function(
      "handler() { printf '%s %s' \"$AWS_LAMBDA_REQUEST_ID\" \"${AWS_LAMBDA_RUNTIME_API-gone}\"; }");
  EXPECT_EQ(answer(migrating::Event{.id = "id-7"}), "id-7 gone");
}

TEST_F(TutorialTest, AnswerIsJsonUnlessSetOtherwise) {
  start_function("handler() { echo x; }");
  EXPECT_EQ(bootstrap_.invoke().header("Content-Type"), "application/json");
}

TEST_F(TutorialTest, ContentTypeIsASetting) {
  start_function("handler() { echo x; }", {{"SHELLSTRAP_CONTENT_TYPE", "application/x-www-form-urlencoded"}});
  EXPECT_EQ(bootstrap_.invoke().header("Content-Type"), "application/x-www-form-urlencoded");
}

TEST_F(TutorialTest, WhatFollowsASecondDotIsNotIgnored) {
  start_function("echo never sourced\nhandler() { :; }", {{"_HANDLER", "function.handler.extra"}});
  const auto message = init_error("Runtime.HandlerNotFound").value("errorMessage", "");
  EXPECT_NE(message.find("handler.extra"), std::string::npos) << message;
}

TEST_F(TutorialTest, MissingFunctionIsAnInitErrorWithACause) {
  start_function("other() { :; }");
  const auto message = init_error("Runtime.HandlerNotFound").value("errorMessage", "");
  EXPECT_NE(message.find("no function handler"), std::string::npos) << message;
}

TEST_F(GkrizekTest, SampleRunsUnchanged) {
  start_sample("gkrizek.handler", kGkrizek);
  EXPECT_EQ(answer(R"({"name": "x"})"), "{\"message\": \"Hello, x!\"}\n");
  EXPECT_TRUE(logs("request request-1 of arn:aws:lambda:us-east-1:123456789012:function:test\n"));
  error("Function.Exit1", R"({"nobody": "x"})");
}

TEST_F(GkrizekTest, StandardErrorIsTheAnswerAndStandardOutputTheLog) {
  start_body("echo LOG; " + std::string(kPretty) + " >&2");
  EXPECT_EQ(answer(), kPrettyAnswer);
  EXPECT_TRUE(logs("LOG\n"));
}

TEST_F(GkrizekTest, FailureHasItsStatusAndStandardErrorAndTheLoopGoesOn) {
  start_body("[[ $1 != fail ]] || { echo partial; echo boom >&2; exit 3; }; echo fine >&2");
  const auto body = error("Function.Exit3", "fail");
  EXPECT_NE(body.value("errorMessage", "").find("exited with status 3"), std::string::npos) << body;
  EXPECT_EQ(body["stackTrace"], json::array({"boom"}));
  EXPECT_TRUE(logs("partial\n"));
  EXPECT_TRUE(logs("boom\n"));
  EXPECT_EQ(answer(), "fine\n");
}

TEST_F(GkrizekTest, ErrorIsValidJsonWhateverStandardErrorHolds) {
  start_body(R"(printf 'a "quote"\nand \\ a line\n' >&2; return 1)");
  EXPECT_EQ(error("Function.Exit1")["stackTrace"], json::array({"a \"quote\"", "and \\ a line"}));
}

TEST_F(GkrizekTest, ErrexitInTheFunctionEndsTheCall) {
  start_body("set -e; false; echo no >&2");
  EXPECT_EQ(error("Function.Exit1")["stackTrace"], json::array());
}

TEST_F(GkrizekTest, VariablesDoNotSurvive) {
  start_body("echo \"${seen:-first}\" >&2; seen=again");
  EXPECT_EQ(answer(), "first\n");
  EXPECT_EQ(answer(), "first\n");
}

TEST_F(GkrizekTest, UnsetVariableIsAnError) {
  start_body("echo \"${UNSET}\" >&2");
  const auto lines = error("Function.Exit1").value("stackTrace", json::array());
  EXPECT_NE(lines.dump().find("UNSET: unbound variable"), std::string::npos) << lines;
}

TEST_F(GkrizekTest, FileMayLieInAFolder) {
  bootstrap_.task_root.write("src/deep.sh", "handler() { echo deep >&2; }");
  auto settings = kGkrizek;
  start("src/deep.handler", settings);
  EXPECT_EQ(answer(), "deep\n");
}

TEST_F(GkrizekTest, DotsInTheFileNameWork) {
  bootstrap_.task_root.write("a.b.sh", "handler() { echo dotted >&2; }");
  start("a.b.handler", kGkrizek);
  EXPECT_EQ(answer(), "dotted\n");
}

TEST_F(GkrizekTest, FourVariablesAreSetAndTheArnEndsWithoutCarriageReturn) {
  start_body(R"(printf '%s|' "$AWS_LAMBDA_REQUEST_ID" "$AWS_LAMBDA_DEADLINE_MS" "$AWS_LAMBDA_TRACE_ID" \
    "$AWS_LAMBDA_FUNCTION_ARN" >&2)");
  const migrating::Event event{.id = "id-7",
                               .body = "{}",
                               .deadline_ms = 4'102'444'800'000,
                               .headers = {{"Lambda-Runtime-Trace-Id", "Root=1"}}};
  EXPECT_EQ(answer(event), "id-7|4102444800000|Root=1|arn:aws:lambda:us-east-1:123456789012:function:test|");
}

TEST_F(GkrizekTest, HomeIsTmpAndAwsConfigFileIsYoursToSet) {
  auto settings = kGkrizek;
  settings["AWS_CONFIG_FILE"] = "/tmp/.aws/config";
  start_function("handler() { echo \"$HOME $AWS_CONFIG_FILE\" >&2; }", settings);
  EXPECT_EQ(answer(), "/tmp /tmp/.aws/config\n");
}

TEST_F(GkrizekTest, OutputOfTheFileIsLogAndNoLongerDiscarded) {
  start_function("echo sourced\nhandler() { echo answer >&2; }", kGkrizek);
  EXPECT_EQ(answer(), "answer\n");
  EXPECT_TRUE(logs("sourced\n"));
}

TEST_F(GkrizekTest, InitErrorNamesWhatIsMissing) {
  start("nothing.handler", kGkrizek);
  const auto message = init_error("Runtime.HandlerNotFound").value("errorMessage", "");
  EXPECT_NE(message.find("nothing.sh"), std::string::npos) << message;
}

TEST_F(GkrizekTest, BackgroundJobDoesNotDelayTheAnswer) {
  start_body("sleep 600 & echo now >&2");
  EXPECT_EQ(answer(), "now\n");
}

TEST_F(Ql4bImageTest, SampleRunsUnchanged) {
  start_sample("ql4b.handler");
  EXPECT_EQ(answer(), R"({"statusCode": 200, "body": "{\"done\": true}"})");
  EXPECT_TRUE(logs("INFO an event of 2 characters\n"));
}

TEST_F(Ql4bImageTest, EventIsTheFirstArgumentAndThereIsNoSecond) {
  start_function("handler() { printf '%s|%s|%s' $# \"$1\" \"${2-none}\"; }");
  EXPECT_EQ(answer("event"), "1|event|none");
}

TEST_F(Ql4bImageTest, AnswerIsJsonAndKeepsItsNewlines) {
  start_function("handler() { " + std::string(kPretty) + "; }");
  const auto post = bootstrap_.invoke();
  EXPECT_EQ(post.body, kPrettyAnswer);
  EXPECT_EQ(post.header("Content-Type"), "application/json");
}

TEST_F(Ql4bImageTest, ErrexitNowEndsTheCall) {
  start_function("handler() { set -e; false; echo '{\"ok\":1}'; }");
  error("Function.Exit1");
}

TEST_F(Ql4bImageTest, ExitStaysAnErrorOfOneCall) {
  start_function("handler() { [[ $1 == fine ]] || exit 3; echo fine; }");
  error("Function.Exit3");
  EXPECT_EQ(answer("fine"), "fine\n");
}

TEST_F(Ql4bImageTest, FailureHasStandardErrorAsItsCause) {
  start_function("handler() { echo why >&2; return 3; }");
  const auto body = error("Function.Exit3");
  EXPECT_EQ(body["stackTrace"], json::array({"why"}));
  EXPECT_TRUE(logs("why\n"));
}

TEST_F(Ql4bImageTest, PipefailIsASetting) {
  start_function("handler() { false | true; }", {{"SHELLSTRAP_SHELL_OPTIONS", "o pipefail"}});
  error("Function.Exit1");
}

TEST_F(Ql4bImageTest, NameWithoutADotIsNoFunction) {
  bootstrap_.task_root.write("work.sh", "work() { echo worked; }");
  start("work");
  init_error("Runtime.HandlerNotFound");
}

TEST_F(Ql4bImageTest, NameWithADotIsTheSameFunction) {
  bootstrap_.task_root.write("work.sh", "work() { echo worked; }");
  start("work.work");
  EXPECT_EQ(answer(), "worked\n");
}

TEST_F(Ql4bImageTest, ToolsOfTheTaskRootNeedThePath) {
  bootstrap_.task_root.write("bin/tool", "#!/bin/sh\necho tool\n", 0755);
  start_function("handler() { tool; }", {{"PATH", bootstrap_.task_root / "bin" + ":/usr/bin:/bin"}});
  EXPECT_EQ(answer(), "tool\n");
}

TEST_F(Ql4bImageTest, ContextIsInTheEnvironment) {
  start_function("handler() { echo \"$AWS_LAMBDA_REQUEST_ID\"; }");
  EXPECT_EQ(answer(migrating::Event{.id = "id-7"}), "id-7\n");
}
