// SPDX-License-Identifier: Apache-2.0
// docs/migrating.md: handlers that read the event from standard input. The names stand in its tables.
#include "migrating.h"

#include <unistd.h>

namespace {

using migrating::Event;
using nlohmann::json;

class Ql4bLayerTest : public migrating::Migrating {};
class MparkachovTest : public migrating::Migrating {};

class WatchdogTest : public migrating::Migrating {
 protected:
  void start_command(const std::string& command, migrating::Variables environment = {}) {
    environment["SHELLSTRAP_COMMAND"] = command;
    start("", std::move(environment));
  }
};

class CurlLoopTest : public migrating::Migrating {};

}  // namespace

TEST_F(Ql4bLayerTest, SampleRunsUnchanged) {
  start_sample("run-ql4b.run");
  EXPECT_EQ(answer(R"({"k":"v"})"), "{\"bytes\": 9}\n");
}

TEST_F(Ql4bLayerTest, EventIsOnStandardInputAndInTheFirstArgument) {
  start_function("handler() { printf '%s|' \"$#\" \"$1\"; cat; }");
  EXPECT_EQ(answer(R"({"k":"v"})"), R"(1|{"k":"v"}|{"k":"v"})");
}

TEST_F(Ql4bLayerTest, ExitIsAnErrorOfOneCall) {
  start_function("handler() { [[ $1 == fine ]] || exit 3; echo fine; }");
  const auto message = error("Function.Exit3").value("errorMessage", "");
  EXPECT_NE(message.find("exited with status 3"), std::string::npos) << message;
  EXPECT_EQ(answer("fine"), "fine\n");
}

TEST_F(Ql4bLayerTest, OutputOfTheFileIsLogAndNoPartOfTheAnswer) {
  start_function("echo hi\nhandler() { echo answer; }");
  EXPECT_EQ(answer(), "answer\n");
  EXPECT_TRUE(logs("hi\n"));
}

TEST_F(Ql4bLayerTest, FileIsSourcedOnceForAllCalls) {
  start_function("echo x >>sourced\nhandler() { wc -l <sourced; }", support::kOneWorker);
  EXPECT_EQ(answer(), "1\n");
  EXPECT_EQ(answer(), "1\n");
}

TEST_F(Ql4bLayerTest, ContextIsInTheEnvironmentAndNeverStale) {
  start_function("handler() { echo \"$AWS_LAMBDA_REQUEST_ID ${_X_AMZN_TRACE_ID-unset}\"; }");
  const Event traced{.id = "id-1", .headers = {{"Lambda-Runtime-Trace-Id", "Root=1"}}};
  EXPECT_EQ(answer(traced), "id-1 Root=1\n");
  EXPECT_EQ(answer(Event{.id = "id-2"}), "id-2 unset\n");
}

TEST_F(Ql4bLayerTest, NameWithoutADotIsNotReplaced) {
  bootstrap_.task_root.write("handler.sh", "run() { echo ran; }");
  start("anything");
  init_error("Runtime.HandlerNotFound");
}

TEST_F(MparkachovTest, SampleRunsUnchanged) {
  start_sample("mparkachov.handler", {{"SHELLSTRAP_SHELL_OPTIONS", "u"}});
  EXPECT_EQ(answer(R"({"k":"v"})"), "{\"characters\": 9}\n");
  EXPECT_TRUE(logs("request request-1\n"));
}

TEST_F(MparkachovTest, AnswerIsExact) {
  start_function(R"(handler() { printf '{\n "a": 1\n}\n\n'; })");
  EXPECT_EQ(answer(), "{\n \"a\": 1\n}\n\n");
}

TEST_F(MparkachovTest, ExecutableGetsTheEventOnStandardInputAndNoArgument) {
  bootstrap_.task_root.write("run", "#!/bin/sh\necho $#\ncat\n", 0755);
  start("run");
  EXPECT_EQ(answer("event"), "0\nevent");
}

TEST_F(MparkachovTest, ReadableFileIsRunByTheShell) {
  bootstrap_.task_root.write("run", "cat\n", 0644);
  start("run");
  EXPECT_EQ(answer("event"), "event");
  EXPECT_TRUE(logs("run has no run bit"));
}

TEST_F(MparkachovTest, FileWithASuffixIsRunItself) {
  bootstrap_.task_root.write("tool.py", "#!/usr/bin/env python3\nprint(input())\n", 0755);
  start("tool.py");
  EXPECT_EQ(answer("event"), "event\n");
}

TEST_F(MparkachovTest, NameOfAScriptNeverRunsTheEvent) {
  start_function("cat >/dev/null; echo safe", {{"_HANDLER", "function.sh"}});
  EXPECT_EQ(answer("touch pwned\n"), "safe\n");
  EXPECT_NE(::access((bootstrap_.task_root / "pwned").c_str(), F_OK), 0);
}

TEST_F(MparkachovTest, NameOfACommandIsNoFunction) {
  start_function("handler() { :; }", {{"_HANDLER", "function.ls"}});
  init_error("Runtime.HandlerNotFound");
}

TEST_F(MparkachovTest, MebibyteArrivesWhole) {
  start_function("handler() { cat; }");
  const std::string event(1'048'576, 'e');
  EXPECT_TRUE(answer(event) == event);
}

TEST_F(MparkachovTest, ContextHasTheSameNamesAndMissingIsUnset) {
  start_function(R"(handler() {
  printf '%s|' "$LAMBDA_RUNTIME_AWS_REQUEST_ID" "$LAMBDA_RUNTIME_DEADLINE_MS" "$LAMBDA_RUNTIME_INVOKED_FUNCTION_ARN" \
    "${LAMBDA_RUNTIME_TRACE_ID-unset}" "${LAMBDA_RUNTIME_CLIENT_CONTEXT-unset}" \
    "${LAMBDA_RUNTIME_COGNITO_IDENTITY-unset}" "${_X_AMZN_TRACE_ID-unset}"
})");
  const std::string start_of_all = "|4102444800000|arn:aws:lambda:us-east-1:123456789012:function:test|";
  const Event full{.id = "id-1",
                   .body = "{}",
                   .deadline_ms = 4'102'444'800'000,
                   .headers = {{"Lambda-Runtime-Trace-Id", "Root=1"},
                               {"Lambda-Runtime-Client-Context", "{\"a\":1}"},
                               {"Lambda-Runtime-Cognito-Identity", "{}"}}};
  EXPECT_EQ(answer(full), "id-1" + start_of_all + "Root=1|{\"a\":1}|{}|Root=1|");
  const Event bare{.id = "id-2", .body = "{}", .deadline_ms = 4'102'444'800'000};
  EXPECT_EQ(answer(bare), "id-2" + start_of_all + "unset|unset|unset|unset|");
}

TEST_F(MparkachovTest, ErrorTypeIsNotGuessedFromStandardError) {
  start_function(R"(handler() { printf 'TypeError: bad "quoted"\nline 2\n' >&2; return 3; })");
  const auto body = error("Function.Exit3");
  EXPECT_EQ(body["errorType"], "Function.Exit3");
  EXPECT_EQ(body["stackTrace"], json::array({"TypeError: bad \"quoted\"", "line 2"}));
}

TEST_F(MparkachovTest, PrintedErrorObjectIsTheError) {
  start_function(
      R"(handler() { echo '{"errorType": "TypeError", "errorMessage": "bad \"quoted\""}'; return 3; })");
  const auto body = error("Function.TypeError");
  EXPECT_EQ(body["errorType"], "TypeError");
  EXPECT_EQ(body["errorMessage"], "bad \"quoted\"");
}

TEST_F(MparkachovTest, VariablesAndFolderDoNotSurvive) {
  start_function("count=0\nhandler() { count=$((count + 1)); echo $count ${PWD##*/}; cd /; }");
  const auto first = answer();
  EXPECT_TRUE(first.starts_with("1 ")) << first;
  EXPECT_EQ(answer(), first);
}

TEST_F(MparkachovTest, FilesInTmpSurvive) {
  start_function("handler() { kept=/tmp/kept-${PWD##*/}; echo x >>$kept; wc -l <$kept; }");
  EXPECT_EQ(answer(), "1\n");
  EXPECT_EQ(answer(), "2\n");
  const auto& root = bootstrap_.task_root.path();
  EXPECT_EQ(::unlink(("/tmp/kept-" + root.substr(root.rfind('/') + 1)).c_str()), 0);
}

TEST_F(MparkachovTest, ExitEndsTheCallAlone) {
  start_function("handler() { [ \"$1\" = fine ] || exit 3; echo fine; exit 0; }");
  error("Function.Exit3");
  EXPECT_EQ(answer("fine"), "fine\n");
  EXPECT_TRUE(bootstrap_.is_running());
}

TEST_F(MparkachovTest, ErrexitNowEndsTheCall) {
  start_function("handler() { set -e; false; echo ok; }");
  error("Function.Exit1");
}

TEST_F(MparkachovTest, UnsetVariableIsAnErrorOfOneCallWhereSet) {
  start_function("handler() { [ \"$1\" = fine ] || echo \"$NOT_SET\"; echo fine; }",
                 {{"SHELLSTRAP_SHELL_OPTIONS", "u"}});
  error("Function.Exit1");
  EXPECT_EQ(answer("fine"), "fine\n");
}

TEST_F(MparkachovTest, FunctionsRunInBash) {
  start_function("handler() { echo \"${BASH_VERSION:+bash}\"; }");
  EXPECT_EQ(answer(), "bash\n");
}

TEST_F(MparkachovTest, LastDotSplitsAndTheSuffixMayBeWritten) {
  bootstrap_.task_root.write("dir/a.b.sh", "handler() { echo found; }");
  start("dir/a.b.sh.handler");
  EXPECT_EQ(answer(), "found\n");
}

TEST_F(MparkachovTest, NameMayBeAbsolute) {
  const auto path = bootstrap_.task_root.write("dir/function.sh", "handler() { echo found; }");
  start(path.substr(0, path.size() - 3) + ".handler");
  EXPECT_EQ(answer(), "found\n");
}

TEST_F(WatchdogTest, SampleRunsUnchanged) {
  start_sample("shout");
  EXPECT_EQ(answer("a request"), "A REQUEST");
}

TEST_F(WatchdogTest, CommandTakesTheEventAndPrintsTheAnswer) {
  start_command("tr a-z A-Z");
  EXPECT_EQ(answer("a request\n\n"), "A REQUEST\n\n");
}

TEST_F(WatchdogTest, QuotesInTheCommandWork) {
  start_command("sed 's/a b/c d/'");
  EXPECT_EQ(answer("a b\n"), "c d\n");
}

TEST_F(WatchdogTest, ImageNamesTheCommandInItsEntrypoint) {
  bootstrap_.start({.handler = "", .arguments = {"tr", "a-z", "A-Z"}, .environment = {}});
  EXPECT_EQ(answer("a request"), "A REQUEST");
}

TEST_F(WatchdogTest, StandardInputIsTheWholeEventAndNotItsBody) {
  start_command("cat");
  const std::string event = R"({"httpMethod": "POST", "headers": {}, "body": "text"})";
  EXPECT_EQ(answer(event), event);
}

TEST_F(WatchdogTest, RequestIsNotInTheEnvironment) {
  start_command("env");
  const auto variables = answer(R"({"httpMethod": "POST", "path": "/x"})");
  EXPECT_EQ(variables.find("Http_"), std::string::npos) << variables;
}

TEST_F(WatchdogTest, TimeLimitIsAnErrorAndTheEnvironmentStays) {
  start_program("#!/bin/sh\n[ \"$(cat)\" = fine ] || sleep 600\necho fine\n",
                {{"SHELLSTRAP_TIMEOUT_MS", "3000"}});
  error("Function.Timeout");
  EXPECT_EQ(answer("fine"), "fine\n");
}

TEST_F(WatchdogTest, ContentTypeIsASetting) {
  start_command("cat", {{"SHELLSTRAP_CONTENT_TYPE", "text/plain"}});
  EXPECT_EQ(bootstrap_.invoke().header("Content-Type"), "text/plain");
}

TEST_F(WatchdogTest, StandardErrorIsLogUnlessTheCommandJoinsIt) {
  start_command("ls /nothing-here-1 /");
  error("Function.Exit2");
  EXPECT_TRUE(logs("/nothing-here-1"));
}

TEST_F(WatchdogTest, CommandMayJoinStandardError) {
  start_command(R"(["sh", "-c", "exec 2>&1; echo out; echo err >&2"])");
  EXPECT_EQ(answer(), "out\nerr\n");
}

TEST_F(WatchdogTest, FailureHasItsStatus) {
  start_program("#!/bin/sh\necho why >&2\nexit 3\n");
  EXPECT_EQ(error("Function.Exit3")["stackTrace"], json::array({"why"}));
}

TEST_F(WatchdogTest, GrandchildDoesNotDelayTheAnswer) {
  start_program("#!/bin/sh\nsleep 600 &\necho now\n");
  EXPECT_EQ(answer(), "now\n");
}

TEST_F(CurlLoopTest, SampleIsTheBodyOfTheLoop) {
  start_sample("once.sh");
  EXPECT_EQ(answer(Event{.id = "id-7", .body = "{}"}), "{\"id\": \"id-7\", \"characters\": 2}\n");
}

TEST_F(CurlLoopTest, LoopLeftInTheHandlerCannotPoll) {
  start_program(
      "#!/bin/bash\nset -u\ncurl -s \"http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/next\"\n");
  EXPECT_NE(error("Function.Exit1").dump().find("AWS_LAMBDA_RUNTIME_API"), std::string::npos);
}

TEST_F(CurlLoopTest, StateOfTheLoopMovesToFiles) {
  start_program("#!/bin/sh\ncount=$((count + 1))\necho x >>kept\necho $count $(wc -l <kept)\n");
  EXPECT_EQ(answer(), "1 1\n");
  EXPECT_EQ(answer(), "1 2\n");
}

TEST_F(CurlLoopTest, ExitEndsTheCallAlone) {
  start_program("#!/bin/sh\nset -e\n[ \"$(cat)\" = fine ]\necho fine\nexit 0\n");
  error("Function.Exit1");
  EXPECT_EQ(answer("fine"), "fine\n");
}

TEST_F(CurlLoopTest, FailureHasItsCause) {
  start_program("#!/bin/sh\necho 'no such user' >&2\nexit 4\n");
  const auto body = error("Function.Exit4");
  EXPECT_NE(body.value("errorMessage", "").find("run.sh exited with status 4"), std::string::npos) << body;
  EXPECT_EQ(body["stackTrace"], json::array({"no such user"}));
}

TEST_F(CurlLoopTest, LargeEventReachesPrograms) {
  start_program("#!/bin/sh\nexec wc -c\n");
  EXPECT_EQ(answer(std::string(300'000, 'x')), "300000\n");
}

TEST_F(CurlLoopTest, BytesAreExactBothWays) {
  start_program("#!/bin/sh\nexec cat\n");
  for (const std::string& bytes :
       {std::string("A\0B\r\nC\xff\n\n", 9), std::string("@/etc/passwd"), std::string()})
    EXPECT_EQ(answer(bytes), bytes);
}

TEST_F(CurlLoopTest, ProxyVariablesHarmNothing) {
  start_program(
      "#!/bin/sh\necho \"$http_proxy\"\n",
      {{"http_proxy", "http://127.0.0.1:1"}, {"HTTP_PROXY", "x"}, {"ALL_PROXY", "http://127.0.0.1:1"}});
  EXPECT_EQ(answer(), "http://127.0.0.1:1\n");
}

TEST_F(CurlLoopTest, BackgroundJobDoesNotDelayTheAnswer) {
  start_program("#!/bin/sh\nsleep 600 &\necho now\n");
  EXPECT_EQ(answer(), "now\n");
}

TEST_F(CurlLoopTest, HandlerThatIsMissingIsAnInitErrorWithACause) {
  start("nothing.sh");
  const auto message = init_error("Runtime.HandlerNotFound").value("errorMessage", "");
  EXPECT_NE(message.find("nothing.sh"), std::string::npos) << message;
}
