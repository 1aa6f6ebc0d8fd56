// SPDX-License-Identifier: Apache-2.0
// What a child gets and what becomes of its answer, through the real bootstrap.
#include "base/text/text.h"
#include "support/bootstrap_process.h"
#include "support/paths.h"

#include <algorithm>
#include <map>
#include <random>

#include <gtest/gtest.h>

namespace {

using support::Event;
using support::RecordedRequest;

class ContractTest : public testing::Test {
 protected:
  // A handler that runs the target's sub-command.
  void start_target(const std::string& subcommand, std::map<std::string, std::string> environment = {}) {
    environment["SHELLSTRAP_COMMAND"] = support::target_program() + " " + subcommand;
    bootstrap_.start({.handler = "", .arguments = {}, .environment = std::move(environment)});
  }

  void start_script(const std::string& script, std::map<std::string, std::string> environment = {}) {
    bootstrap_.task_root.write("handler.sh", "#!/bin/sh\n" + script, 0755);
    bootstrap_.start({.handler = "handler.sh", .arguments = {}, .environment = std::move(environment)});
  }

  std::map<std::string, std::string> child_environment(const Event& event) {
    std::map<std::string, std::string> variables;
    const auto printed = bootstrap_.invoke(event).body;
    for (const auto line : base::split(printed, '\n'))
      if (const auto equals = line.find('='); equals != std::string_view::npos)
        variables[std::string(line.substr(0, equals))] = line.substr(equals + 1);
    return variables;
  }

  support::BootstrapProcess bootstrap_;
};

std::string random_bytes(std::size_t size) {
  std::mt19937 generator(7);
  std::string bytes(size, '\0');
  std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<char>(generator()); });
  return bytes;
}

void expect_response(const RecordedRequest& post, const std::string& id, const std::string& body) {
  EXPECT_EQ(post.path, "/2018-06-01/runtime/invocation/" + id + "/response");
  EXPECT_TRUE(post.body == body) << post.body.size() << " bytes instead of " << body.size();
}

}  // namespace

TEST_F(ContractTest, SixMebibytesOfRandomBytesArriveIdentical) {
  start_target("echo");
  const auto bytes = random_bytes(6'291'456);
  expect_response(bootstrap_.invoke(Event{.id = "big", .body = bytes}), "big", bytes);
}

TEST_F(ContractTest, EveryKindOfSmallPayloadArrivesIdentical) {
  start_target("echo");
  int id = 0;
  for (const std::string& body :
       {std::string(), std::string("\n\n"), std::string("{\n \"a\": 1\n}\n\n"), std::string("\0\r\n\0", 4),
        std::string("@/etc/passwd"), std::string("\xFF\xFE caf\xC3\xA9 ✓"), std::string("$(id) `id` *")}) {
    const auto name = "id-" + std::to_string(++id);
    expect_response(bootstrap_.invoke(Event{.id = name, .body = body}), name, body);
  }
}

TEST_F(ContractTest, AChildThatNeverReadsALargeEventHangsNothing) {
  start_target("no-stdin");
  expect_response(bootstrap_.invoke(Event{.id = "a", .body = random_bytes(6'291'456)}), "a", "");
}

TEST_F(ContractTest, AChildThatWritesSixMebibytesBeforeItReadsHangsNothing) {
  start_target("write-first 6291456");
  const auto post = bootstrap_.invoke(Event{.id = "a", .body = random_bytes(6'291'456)});
  EXPECT_EQ(post.body.size(), 6'291'456U);
  EXPECT_TRUE(post.path.ends_with("/response"));
}

TEST_F(ContractTest, AChildThatClosesItsOutputEarlyIsWaitedFor) {
  start_script("exec >&-; sleep 0.2; exit 4");
  EXPECT_EQ(bootstrap_.invoke().header("Lambda-Runtime-Function-Error-Type"), "Function.Exit4");
}

TEST_F(ContractTest, StandardInputIsSeekableAndReadableTwice) {
  start_script(
      "head -c 3 >/dev/null; cat; exec python3 -c 'import sys; sys.stdin.seek(0); print(sys.stdin.read())'");
  const auto post = bootstrap_.invoke("abcdef");
  EXPECT_TRUE(post.body.ends_with("abcdef\n")) << post.body;
}

TEST_F(ContractTest, TheChildHasDescriptorsZeroToTwoOnly) {
  start_target("print-fds");
  EXPECT_EQ(base::trim(bootstrap_.invoke().body), "0 1 2");
}

TEST_F(ContractTest, TheChildHasTheAnswersDescriptorWhereOneIsAskedFor) {
  start_target("print-fds", {{"SHELLSTRAP_RESPONSE", "fd:5"}});
  EXPECT_EQ(bootstrap_.invoke().body, "");
  EXPECT_TRUE(bootstrap_.logs("0 1 2 5"));
}

TEST_F(ContractTest, SignalsAreDefaultAndNoneIsBlocked) {
  start_target("print-signals");
  const auto printed = bootstrap_.invoke().body;
  for (const auto line : base::split(base::trim(printed), '\n'))
    EXPECT_TRUE(line.ends_with("0000000000000000")) << line;
}

TEST_F(ContractTest, TheWorkingDirectoryIsTheTaskRoot) {
  start_target("print-cwd");
  EXPECT_EQ(base::trim(bootstrap_.invoke().body), bootstrap_.task_root.path());
}

TEST_F(ContractTest, ContextIsInTheEnvironmentAndNeverStale) {
  start_target("print-env");
  const Event full{.id = "id-1",
                   .body = "{}",
                   .deadline_ms = {},
                   .headers = {{"Lambda-Runtime-Trace-Id", "Root=1-2-3;Sampled=1"},
                               {"Lambda-Runtime-Client-Context", R"({"client":{"x":"é"}})"},
                               {"Lambda-Runtime-Cognito-Identity", "{}"},
                               {"Lambda-Runtime-Aws-Tenant-Id", "tenant-7"},
                               {"Lambda-Runtime-Not-Yet-Known", "new"}}};
  const auto first = child_environment(full);
  EXPECT_EQ(first.at("LAMBDA_RUNTIME_AWS_REQUEST_ID"), "id-1");
  EXPECT_EQ(first.at("AWS_LAMBDA_REQUEST_ID"), "id-1");
  EXPECT_EQ(first.at("_X_AMZN_TRACE_ID"), "Root=1-2-3;Sampled=1");
  EXPECT_EQ(first.at("AWS_LAMBDA_TRACE_ID"), "Root=1-2-3;Sampled=1");
  EXPECT_EQ(first.at("LAMBDA_RUNTIME_CLIENT_CONTEXT"), R"({"client":{"x":"é"}})");
  EXPECT_EQ(first.at("LAMBDA_RUNTIME_AWS_TENANT_ID"), "tenant-7");
  EXPECT_EQ(first.at("LAMBDA_RUNTIME_NOT_YET_KNOWN"), "new");
  EXPECT_EQ(first.at("HOME"), "/tmp");
  EXPECT_EQ(first.count("AWS_LAMBDA_RUNTIME_API"), 0U);
  EXPECT_EQ(first.at("AWS_LAMBDA_DEADLINE_MS"), first.at("LAMBDA_RUNTIME_DEADLINE_MS"));
  EXPECT_EQ(first.at("AWS_LAMBDA_FUNCTION_ARN"), first.at("LAMBDA_RUNTIME_INVOKED_FUNCTION_ARN"));

  const auto second = child_environment(Event{.id = "id-2"});
  EXPECT_EQ(second.at("AWS_LAMBDA_REQUEST_ID"), "id-2");
  for (const auto* name : {"_X_AMZN_TRACE_ID", "AWS_LAMBDA_TRACE_ID", "LAMBDA_RUNTIME_TRACE_ID",
                           "LAMBDA_RUNTIME_CLIENT_CONTEXT", "LAMBDA_RUNTIME_AWS_TENANT_ID"})
    EXPECT_EQ(second.count(name), 0U) << name;
}

TEST_F(ContractTest, TheRuntimeApiIsKeptWhereAskedFor) {
  start_target("print-env", {{"SHELLSTRAP_KEEP_RUNTIME_API", "1"}});
  EXPECT_EQ(child_environment(Event{.id = "a"}).at("AWS_LAMBDA_RUNTIME_API"), bootstrap_.api.address());
}

TEST_F(ContractTest, TheEventIsDataAndNeverCode) {
  start_script("cat");
  const std::string hostile = "$(touch pwned); `touch pwned`; '\"; touch pwned #\n";
  EXPECT_EQ(bootstrap_.invoke(hostile).body, hostile);
  EXPECT_NE(::access((bootstrap_.task_root / "pwned").c_str(), F_OK), 0);
}

TEST_F(ContractTest, TheAnswerIsJsonUnlessSetOtherwise) {
  start_script("echo hi");
  EXPECT_EQ(bootstrap_.invoke().header("Content-Type"), "application/json");
}

TEST_F(ContractTest, TheContentTypeCanBeSet) {
  start_script("echo hi", {{"SHELLSTRAP_CONTENT_TYPE", "text/plain; charset=utf-8"}});
  EXPECT_EQ(bootstrap_.invoke().header("Content-Type"), "text/plain; charset=utf-8");
}

TEST_F(ContractTest, TheAnswerCanComeFromADescriptorOfItsOwn) {
  start_script("echo noise; echo more noise >&2; printf answer >&3", {{"SHELLSTRAP_RESPONSE", "fd:3"}});
  EXPECT_EQ(bootstrap_.invoke().body, "answer");
  EXPECT_TRUE(bootstrap_.logs("noise\n"));
  EXPECT_TRUE(bootstrap_.logs("more noise\n"));
}

TEST_F(ContractTest, TheAnswerCanComeFromStandardError) {
  start_script("echo log; printf answer >&2", {{"SHELLSTRAP_RESPONSE", "stderr"}});
  EXPECT_EQ(bootstrap_.invoke().body, "answer");
  EXPECT_TRUE(bootstrap_.logs("log\n"));
}

TEST_F(ContractTest, StandardErrorGoesToTheLogAndNeverIntoTheAnswer) {
  start_script("echo visible >&2; printf answer");
  EXPECT_EQ(bootstrap_.invoke().body, "answer");
  EXPECT_TRUE(bootstrap_.logs("visible\n"));
}

TEST_F(ContractTest, ASuccessfulInvocationWritesNothingOfOursToTheLog) {
  start_script("printf ok");
  bootstrap_.invoke("{\"secret\": 1}");
  EXPECT_EQ(bootstrap_.log(), "");
}

TEST_F(ContractTest, TheInvocationIdIsEchoedExactlyWhereItWasSent) {
  start_script("cat");
  const auto with =
      bootstrap_.invoke(Event{.id = "a", .headers = {{"Lambda-Runtime-Invocation-Id", "attempt/1"}}});
  EXPECT_EQ(with.header("Lambda-Runtime-Invocation-Id"), "attempt/1");
  EXPECT_EQ(bootstrap_.invoke(Event{.id = "b"}).header("Lambda-Runtime-Invocation-Id"), std::nullopt);
}

TEST_F(ContractTest, AnAnswerOfExactlyTheLimitIsSentAndOneByteMoreIsNot) {
  start_script("head -c $(cat) /dev/zero");
  EXPECT_EQ(bootstrap_.invoke("6291556").body.size(), 6'291'556U);
  const auto over = bootstrap_.invoke("6291557");
  EXPECT_EQ(over.header("Lambda-Runtime-Function-Error-Type"), "Function.ResponseSizeTooLarge");
  EXPECT_NE(over.body.find("6291556"), std::string::npos);
}

TEST_F(ContractTest, AnEndlessAnswerIsEndedAtTheLimit) {
  start_script("exec cat /dev/zero");
  EXPECT_EQ(bootstrap_.invoke().header("Lambda-Runtime-Function-Error-Type"),
            "Function.ResponseSizeTooLarge");
  EXPECT_TRUE(bootstrap_.is_running());
}

TEST_F(ContractTest, ABackgroundProcessThatHoldsTheOutputDoesNotDelayTheAnswer) {
  start_script("sleep 60 & echo done");
  const auto started = base::SteadyClock::now();
  EXPECT_EQ(bootstrap_.invoke().body, "done\n");
  EXPECT_LT(base::SteadyClock::now() - started, std::chrono::seconds(5));
}

TEST_F(ContractTest, OneProcessServesManyInvocations) {
  start_script("echo $PPID");
  const auto first = bootstrap_.invoke().body;
  for (int i = 0; i < 20; ++i) EXPECT_EQ(bootstrap_.invoke().body, first);
  EXPECT_EQ(base::trim(first), std::to_string(bootstrap_.pid()));
}
