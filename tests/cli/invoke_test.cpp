// SPDX-License-Identifier: Apache-2.0
#include "cli_run.h"

#include <regex>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

constexpr auto kEcho = "echo a log line >&2; cat";

// ---- What goes where.

TEST(InvokeTest, ResponseAloneGoesToStandardOutput) {
  Cli cli;
  cli.script("x.sh", kEcho);
  const auto result = cli.invoke({"./x.sh", "-d", "{\"a\": 1}"});
  EXPECT_EQ(result.state, exited(0));
  EXPECT_EQ(result.out, "{\"a\": 1}");
  EXPECT_TRUE(has(result.err, "a log line\n"));
}

TEST(InvokeTest, LinesOfTheServiceSurroundTheLog) {
  Cli cli;
  cli.script("x.sh", kEcho);
  const auto err = cli.invoke({"x.sh", "--memory", "512"}).err;
  const std::regex lines(
      "START RequestId: ([0-9a-f-]{36}) Version: \\$LATEST\n"
      "a log line\n"
      "END RequestId: \\1\n"
      "REPORT RequestId: \\1\tDuration: [0-9.]+ ms\tBilled Duration: [0-9]+ ms\tMemory Size: 512 MB\t"
      "Max Memory Used: [1-9][0-9]* MB\tInit Duration: [0-9.]+ ms\n");
  EXPECT_TRUE(std::regex_match(err, lines)) << err;
}

TEST(InvokeTest, BytesAreKeptAsTheyAre) {
  Cli cli;
  cli.script("x.sh", "cat");
  std::string bytes = std::string(1, '\0') + "\r\n\xff\xfe trailing newlines\n\n";
  while (bytes.size() < 300'000) bytes += bytes;
  const auto result = cli.invoke({"x.sh", "-e", "-"}, bytes);
  EXPECT_EQ(result.state, exited(0));
  EXPECT_TRUE(result.out == bytes);
}

TEST(InvokeTest, WithoutAnEventItIsAnEmptyObject) {
  Cli cli;
  cli.script("x.sh", "cat");
  EXPECT_EQ(cli.invoke({"x.sh"}).out, "{}");
}

// ---- Events.

TEST(InvokeEventsTest, AreServedInTheOrderOfTheCommandLine) {
  Cli cli;
  cli.script("x.sh", "cat");
  cli.folder.write("one.json", "{\"n\": 1}\n");
  const auto result = cli.invoke({"-d", "[0]", "-e", "one.json", "x.sh", "-e", "-", "--data", "{}"}, "2");
  EXPECT_EQ(result.out, "[0]\n{\"n\": 1}\n2\n{}");
  EXPECT_EQ(result.state, exited(0));
}

TEST(InvokeEventsTest, RepeatRepeatsTheRowInOneEnvironment) {
  Cli cli;
  cli.script("x.sh", "cat");
  const auto result = cli.invoke({"x.sh", "-d", "1", "-d", "2", "--repeat", "3"});
  EXPECT_EQ(result.out, "1\n2\n1\n2\n1\n2");
  const auto first_init = result.err.find("Init Duration");
  EXPECT_NE(first_init, std::string::npos);
  EXPECT_EQ(result.err.find("Init Duration", first_init + 1), std::string::npos);
}

TEST(InvokeEventsTest, NoJsonIsPassedOnWithAWarning) {
  Cli cli;
  cli.script("x.sh", "cat");
  const auto result = cli.invoke({"x.sh", "-d", "no json"});
  EXPECT_EQ(result.state, exited(0));
  EXPECT_EQ(result.out, "no json");
  EXPECT_TRUE(has(result.err, "-d is not JSON: line 1, column 2 (byte 2): invalid literal")) << result.err;
}

TEST(InvokeEventsTest, EmptyEventIsPassedOnWithAWarning) {
  Cli cli;
  cli.script("x.sh", "wc -c");
  const auto result = cli.invoke({"x.sh", "-d", ""});
  EXPECT_EQ(result.out, "0\n");
  EXPECT_TRUE(has(result.err, "is not JSON")) << result.err;
}

TEST(InvokeEventsTest, StrictRefusesWhatIsNoJsonBeforeAnythingStarts) {
  Cli cli;
  cli.script("x.sh", "cat");
  const auto result = cli.invoke({"x.sh", "-d", "{}", "-e", "-", "--strict"}, "{\"a\":");
  EXPECT_EQ(result.state, exited(2));
  EXPECT_EQ(result.out, "");
  EXPECT_TRUE(
      has(result.err, "standard input is not JSON: line 1, column 5 (byte 5): unexpected end of input"))
      << result.err;
  EXPECT_FALSE(has(result.err, "START"));
}

TEST(InvokeEventsTest, MissingFileIsNamed) {
  Cli cli;
  cli.script("x.sh", "cat");
  const auto result = cli.invoke({"x.sh", "-e", "nowhere.json"});
  EXPECT_EQ(result.state, exited(2));
  EXPECT_TRUE(has(result.err, "nowhere.json") && has(result.err, "No such file")) << result.err;
}

TEST(InvokeEventsTest, SixMebibytesPassAndOneByteMoreIsRefused) {
  Cli cli;
  cli.script("x.sh", "wc -c");
  const std::string largest = "\"" + std::string(6 * 1024 * 1024 - 2, 'x') + "\"";
  EXPECT_EQ(cli.invoke({"x.sh", "-e", "-"}, largest).out, "6291456\n");
  const auto refused = cli.invoke({"x.sh", "-e", "-"}, largest + " ");
  EXPECT_EQ(refused.state, exited(2));
  EXPECT_TRUE(has(refused.err, "6 MiB")) << refused.err;
}

// ---- Failures of the function.

TEST(InvokeFailureTest, ErrorBodyIsTheAnswerAndTheStatusIsOne) {
  Cli cli;
  cli.script("x.sh", "exit 3");
  const auto result = cli.invoke({"x.sh"});
  EXPECT_EQ(result.state, exited(1));
  EXPECT_EQ(nlohmann::json::parse(result.out)["errorType"], "Function.Exit3");
  EXPECT_TRUE(has(result.err, "Status: error\tError Type: Function.Exit3")) << result.err;
}

TEST(InvokeFailureTest, OneFailureAmongSeveralCountsAndTheRestIsServed) {
  Cli cli;
  cli.script("x.sh", "read n; [ \"$n\" != 2 ] && echo \"$n\"");
  const auto result = cli.invoke({"x.sh", "-d", "1", "-d", "2", "-d", "3"});
  EXPECT_EQ(result.state, exited(1));
  EXPECT_TRUE(std::regex_match(result.out, std::regex("1\n\\{.*Function.Exit1.*\\}\n3\n"))) << result.out;
}

TEST(InvokeFailureTest, BootstrapAnswersBeforeTheDeadlineAndStays) {
  Cli cli;
  cli.script("x.sh", "sleep 60");
  const auto result = cli.invoke({"x.sh", "--timeout", "0.6", "-d", "1", "-d", "2"});
  EXPECT_EQ(result.state, exited(1));
  EXPECT_TRUE(has(result.out, "Function.Timeout") && has(result.out, "timed out after 0.60 seconds"))
      << result.out;
  EXPECT_EQ(result.err.find("Init Duration"), result.err.rfind("Init Duration"));
}

TEST(InvokeFailureTest, EmulatorAnswersWhereTheBootstrapDoesNot) {
  Cli cli;
  cli.set("SHELLSTRAP_DEADLINE_MARGIN_MS", "0");
  cli.script("x.sh", "sleep 60");
  const auto result = cli.invoke({"x.sh", "--timeout", "0.3", "-d", "1", "-d", "2"});
  EXPECT_EQ(result.state, exited(1));
  const std::regex answer(
      "\\{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"RequestId: [0-9a-f-]{36} Error: Task timed "
      "out "
      "after 0.30 seconds\"\\}");
  EXPECT_TRUE(std::regex_search(result.out, answer)) << result.out;
  EXPECT_TRUE(
      std::regex_search(result.err, std::regex("Z [0-9a-f-]{36} Task timed out after 0.30 seconds\n")));
  EXPECT_TRUE(has(result.err, "Status: timeout"));
  EXPECT_NE(result.err.find("Init Duration"), result.err.rfind("Init Duration"))
      << "the second is a new start";
}

// ---- Runtimes that fail. The fake ones speak HTTP through bash.

constexpr auto kExchange =
    "exec 3<>\"/dev/tcp/${AWS_LAMBDA_RUNTIME_API/:/\\/}\"\n"
    "api() {\n"  // METHOD PATH BODY: prints the header block of the answer
    "  printf '%s /2018-06-01/runtime/%s HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Length: %d\\r\\n"
    "Lambda-Runtime-Function-Error-Type: Runtime.Broken\\r\\n\\r\\n%s' \"$1\" \"$2\" \"${#3}\" \"$3\" >&3\n"
    "  local line; while IFS= read -r line <&3; do line=${line%$'\\r'}; [ -n \"$line\" ] || break; echo "
    "\"$line\"; done\n"
    "}\n";

std::string fake_bootstrap(const Cli& cli, const std::string& lines) {
  return cli.folder.write("fake", std::string("#!/bin/bash\n") + kExchange + lines + "\n", 0755);
}

TEST(InvokeRuntimeTest, ExitDuringInitIsAnInitFailure) {
  Cli cli;
  const auto result = cli.invoke({"--bootstrap", fake_bootstrap(cli, "exit 3"), "x", "-d", "1", "-d", "2"});
  EXPECT_EQ(result.state, exited(2));
  EXPECT_TRUE(has(result.out, "Runtime exited with error: exit status 3")) << result.out;
  EXPECT_EQ(result.out.find("Runtime exited"), result.out.rfind("Runtime exited"))
      << "nothing is tried again";
  EXPECT_TRUE(has(result.err, "INIT_REPORT")) << result.err;
  EXPECT_FALSE(has(result.err, "START"));
}

TEST(InvokeRuntimeTest, InitErrorIsTheAnswer) {
  Cli cli;
  const auto fake = fake_bootstrap(cli, "api POST init/error '{\"errorMessage\":\"why\"}' >&2; exit 1");
  const auto result = cli.invoke({"--bootstrap", fake, "x"});
  EXPECT_EQ(result.state, exited(2));
  EXPECT_EQ(result.out, "{\"errorMessage\":\"why\"}");
  EXPECT_TRUE(has(result.err, "202 Accepted") && has(result.err, "Error Type: Runtime.Broken")) << result.err;
}

TEST(InvokeRuntimeTest, InitErrorWithoutExitDoesNotHang) {
  Cli cli;
  const auto fake = fake_bootstrap(cli, "api POST init/error why >&2; sleep 300");
  const auto result = cli.invoke({"--bootstrap", fake, "x"});
  EXPECT_EQ(result.state, exited(2));
  EXPECT_EQ(result.out, "why");
}

TEST(InvokeRuntimeTest, ExitDuringACallIsAFunctionErrorAndTheNextCallGetsANewRuntime) {
  Cli cli;
  const auto fake = fake_bootstrap(cli, "api GET invocation/next >/dev/null; kill -9 $$");
  const auto result = cli.invoke({"--bootstrap", fake, "x", "-d", "1", "-d", "2"});
  EXPECT_EQ(result.state, exited(1));
  const std::regex twice(".*signal: killed\"\\}\n.*signal: killed\"\\}");
  EXPECT_TRUE(std::regex_match(result.out, twice)) << result.out;
}

TEST(InvokeRuntimeTest, AnswerBeforeTheExitStands) {
  Cli cli;
  const auto fake =
      fake_bootstrap(cli,
                     "id=$(api GET invocation/next | sed -n 's/^Lambda-Runtime-Aws-Request-Id: //p')\n"
                     "exec 3>&-; exec 3<>\"/dev/tcp/${AWS_LAMBDA_RUNTIME_API/:/\\/}\"\n"
                     "api POST \"invocation/$id/response\" fine >/dev/null; exit 1");
  const auto result = cli.invoke({"--bootstrap", fake, "x"});
  EXPECT_EQ(result.out, "fine");
  EXPECT_EQ(result.state, exited(0));
  EXPECT_TRUE(has(result.err, "did not come back")) << result.err;
}

TEST(InvokeRuntimeTest, MissingBootstrapIsNamedWithTheWayOut) {
  Cli cli;
  const auto result = cli.invoke({"--bootstrap", "nowhere", "x"});
  EXPECT_EQ(result.state, exited(2));
  EXPECT_TRUE(has(result.err, "nowhere") && has(result.err, "--bootstrap")) << result.err;
}

TEST(InvokeRuntimeTest, HandlerThatIsNotThereIsAnInitFailure) {
  Cli cli;
  const auto result = cli.invoke({"./missing.sh"});
  EXPECT_EQ(result.state, exited(2));
  EXPECT_EQ(nlohmann::json::parse(result.out)["errorType"], "Runtime.HandlerNotFound");
}

// ---- How the function is configured.

TEST(InvokeSettingsTest, HandlerBesideTheTaskRootIsFoundFromTheCurrentDirectory) {
  Cli cli;
  cli.script("x.sh", "pwd");
  cli.folder.write("root/inside.sh", "#!/bin/sh\necho inside\n", 0755);
  const auto root = cli.folder / "root";
  EXPECT_EQ(cli.invoke({"./x.sh", "--task-root", "root"}).out, root + "\n");
  EXPECT_EQ(cli.invoke({"./inside.sh", "--task-root", root}).out, "inside\n");
}

TEST(InvokeSettingsTest, CommandAfterTheDashesKeepsItsWords) {
  Cli cli;
  const auto result = cli.invoke({"-d", "{}", "--", "printf", "%s|", "a b", "$c", "--", ""});
  EXPECT_EQ(result.out, "a b|$c|--||");
}

TEST(InvokeSettingsTest, CommandLineWinsOverTheCommandOfTheShell) {
  Cli cli;
  cli.set("SHELLSTRAP_COMMAND", "echo shell");
  cli.script("x.sh", "echo script");
  EXPECT_EQ(cli.invoke({"x.sh"}).out, "script\n");
  EXPECT_EQ(cli.invoke({}).out, "shell\n");
}

TEST(InvokeSettingsTest, VariablesComeFromFilesAndOptionsAndTheOptionsWin) {
  Cli cli;
  cli.set("SECRET_OF_THE_SHELL", "leaked");
  cli.folder.write("vars", "# comment\n\n AB=1 \r\nCD=\"quoted\"\nEF=from file\n");
  cli.script("x.sh", "printf '[%s]' \"$AB\" \"$CD\" \"$EF\" \"$SECRET_OF_THE_SHELL\"");
  EXPECT_EQ(cli.invoke({"x.sh", "--env", "EF=a=b", "--env-file", "vars"}).out, "[1 ][quoted][a=b][]");
}

TEST(InvokeSettingsTest, QuotesAndCommentsOfAVariablesFileAreNoPartOfTheValue) {
  Cli cli;
  cli.folder.write(
      "vars",
      "AA='a b' # why\nBB=\"#1 \\n\"\nCC=x # y\nexport DD=d#d\nEE=\"a\"b\"\nFF=\nGG='open\nHH=\"\" #\n");
  cli.script("x.sh", "printf '[%s]' \"$AA\" \"$BB\" \"$CC\" \"$DD\" \"$EE\" \"$FF\" \"$GG\" \"$HH\"");
  EXPECT_EQ(cli.invoke({"x.sh", "--env-file", "vars"}).out, "[a b][#1 \\n][x][d#d][\"a\"b\"][]['open][]");
}

TEST(InvokeSettingsTest, SettingsOfTheShellReachTheBootstrap) {
  Cli cli;
  cli.set("SHELLSTRAP_RESPONSE", "fd:3");
  cli.script("x.sh", "echo noise; echo answer >&3");
  const auto result = cli.invoke({"x.sh"});
  EXPECT_EQ(result.out, "answer\n");
  EXPECT_TRUE(has(result.err, "noise\n"));
}

TEST(InvokeSettingsTest, ContextReachesTheFunction) {
  Cli cli;
  cli.script("x.sh",
             "printf '%s|' \"$LAMBDA_RUNTIME_CLIENT_CONTEXT\" \"$LAMBDA_RUNTIME_AWS_TENANT_ID\" "
             "\"$AWS_LAMBDA_FUNCTION_MEMORY_SIZE\" \"$LAMBDA_RUNTIME_INVOKED_FUNCTION_ARN\"");
  const auto result =
      cli.invoke({"x.sh", "--client-context", "{ \"k\": 1 }", "--tenant", "blue", "--memory", "256"});
  EXPECT_EQ(result.out, "{ \"k\": 1 }|blue|256|arn:aws:lambda:us-east-1:123456789012:function:function|");
}

TEST(InvokeSettingsTest, TraceTellsTheConversationWithoutPayload) {
  Cli cli;
  cli.script("x.sh", "echo the-answer");
  const auto err = cli.invoke({"x.sh", "-d", "\"the-event\"", "--trace-api"}).err;
  for (const char* part : {"api > GET /2018-06-01/runtime/invocation/next", "api < 200 to GET", "11 bytes",
                           "Lambda-Runtime-Deadline-Ms: ", "/response, 11 bytes", "api < 202 to POST"})
    EXPECT_TRUE(has(err, part)) << part << " is not in\n" << err;
  EXPECT_FALSE(has(err, "the-event") || has(err, "the-answer"));
}

TEST(InvokeSettingsTest, NothingOfAGoodEndIsAnError) {
  Cli cli;
  cli.script("x.sh", "cat");
  EXPECT_FALSE(has(cli.invoke({"x.sh", "--repeat", "2"}).err, "error"));
}

}  // namespace
