// SPDX-License-Identifier: Apache-2.0
// What X-Ray is told of handlers, through the real bootstrap and a daemon of the test's own.
#include "support/bootstrap_process.h"
#include "support/process_tools.h"
#include "support/udp_receiver.h"

#include <chrono>
#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;
using support::Event;
using namespace std::chrono_literals;

const std::string kRoot = "1-5759e988-bd862e3fe1be46a994272793";
const std::string kParent = "53995c3f42cd8ad8";
const std::string kSampled = "Root=" + kRoot + ";Parent=" + kParent + ";Sampled=1;Lineage=a87bd80c:0";

Event traced(const std::string& id, const std::string& header = kSampled, const std::string& body = "{}") {
  return {.id = id, .body = body, .headers = {{"Lambda-Runtime-Trace-Id", header}}};
}

class TracingTest : public testing::Test {
 protected:
  void start(const std::string& script, std::map<std::string, std::string> more = {}) {
    bootstrap_.task_root.write("handler.sh", "#!/bin/sh\n" + script, 0755);
    bootstrap_.start({.handler = "handler.sh", .arguments = {}, .environment = environment(std::move(more))});
  }

  void start_function(const std::string& file, std::map<std::string, std::string> more = {}) {
    bootstrap_.task_root.write("function.sh", file);
    bootstrap_.start(
        {.handler = "function.handler", .arguments = {}, .environment = environment(std::move(more))});
  }

  std::map<std::string, std::string> environment(std::map<std::string, std::string> more) {
    more.insert({{"SHELLSTRAP_XRAY", "on"}, {"AWS_XRAY_DAEMON_ADDRESS", daemon_.address()}});
    return more;
  }

  // The subsegment of the next datagram.
  json told() {
    const auto datagram = daemon_.next().value_or("");
    const auto end = datagram.find('\n');
    EXPECT_EQ(datagram.substr(0, end), R"({"format": "json", "version": 1})");
    return end == std::string::npos ? json() : json::parse(datagram.substr(end + 1), nullptr, false);
  }

  static std::string request_of(const json& subsegment) {
    return subsegment["metadata"]["shellstrap"]["request_id"];
  }

  support::UdpReceiver daemon_;
  support::BootstrapProcess bootstrap_;
};

const char* const kPrintTrace = "echo \"${_X_AMZN_TRACE_ID-unset}\"";

}  // namespace

TEST_F(TracingTest, ASampledCallIsASubsegmentOfTheHeadersParent) {
  start("cat");
  const auto before =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  EXPECT_EQ(bootstrap_.invoke(traced("id-1")).body, "{}");
  const auto subsegment = told();
  EXPECT_EQ(subsegment["name"], "handler.sh");
  EXPECT_EQ(subsegment["type"], "subsegment");
  EXPECT_EQ(subsegment["trace_id"], kRoot);
  EXPECT_EQ(subsegment["parent_id"], kParent);
  EXPECT_EQ(subsegment["in_progress"], false);
  EXPECT_EQ(subsegment["id"].get<std::string>().size(), 16U);
  EXPECT_EQ(subsegment["annotations"], (json{{"exit_status", 0}}));
  EXPECT_FALSE(subsegment.contains("fault"));
  EXPECT_EQ(request_of(subsegment), "id-1");
  EXPECT_GE(subsegment["start_time"].get<double>(), before - 0.001);
  EXPECT_GT(subsegment["end_time"].get<double>(), subsegment["start_time"].get<double>());
}

TEST_F(TracingTest, TheChildFindsItselfBelowItsSubsegment) {
  start(kPrintTrace);
  const auto seen = bootstrap_.invoke(traced("id-1")).body;
  EXPECT_EQ(seen, "Root=" + kRoot + ";Parent=" + told()["id"].get<std::string>() +
                      ";Sampled=1;Lineage=a87bd80c:0\n");
}

TEST_F(TracingTest, AShellFunctionIsASubsegmentAndFindsItselfBelowIt) {
  start_function(std::string("handler() { ") + kPrintTrace + "; return $2; }");
  for (int i = 0; i < 3; ++i) {
    const auto seen = bootstrap_.invoke(traced("id")).body;
    const auto subsegment = told();
    EXPECT_NE(seen.find(";Parent=" + subsegment["id"].get<std::string>() + ";"), std::string::npos) << seen;
    EXPECT_EQ(subsegment["name"], "function.handler");
  }
}

TEST_F(TracingTest, WhatIsNotSampledIsNotSentAndTheHeaderIsPassedOnAsItCame) {
  start(kPrintTrace);
  const std::string unsampled = "Root=" + kRoot + ";Parent=" + kParent + ";Sampled=0";
  EXPECT_EQ(bootstrap_.invoke(traced("a", unsampled)).body, unsampled + "\n");
  for (const std::string malformed : {"Sampled=1", "Root=1;Parent=2;Sampled=1", "\xFF;=;",
                                      "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"})
    EXPECT_EQ(bootstrap_.invoke(traced("b", malformed)).body, malformed + "\n");
  EXPECT_EQ(bootstrap_.invoke(Event{.id = "c"}).body, "unset\n");
  bootstrap_.invoke(traced("sampled"));
  EXPECT_EQ(request_of(told()), "sampled");
}

TEST_F(TracingTest, AFailureIsAFaultWithItsCauseAndWithoutPayload) {
  start("echo secret-answer; echo secret-log >&2; exit 3");
  const auto post = bootstrap_.invoke(traced("id-1", kSampled, "secret-event"));
  EXPECT_EQ(post.header("Lambda-Runtime-Function-Error-Type"), "Function.Exit3");
  const auto subsegment = told();
  EXPECT_EQ(subsegment["fault"], true);
  EXPECT_EQ(subsegment["annotations"], (json{{"exit_status", 3}, {"error_type", "Function.Exit3"}}));
  EXPECT_EQ(subsegment["cause"]["working_directory"], bootstrap_.task_root.path());
  const auto exception = subsegment["cause"]["exceptions"][0];
  EXPECT_EQ(exception["id"].get<std::string>().size(), 16U);
  EXPECT_EQ(exception["type"], "Function.Exit3");
  EXPECT_TRUE(exception["message"].get<std::string>().starts_with("handler.sh exited with status 3"));
  EXPECT_EQ(subsegment.dump().find("secret"), std::string::npos) << subsegment;
}

TEST_F(TracingTest, ATimeoutIsAFault) {
  start("exec sleep 60", {{"SHELLSTRAP_TIMEOUT_MS", "300"}});
  bootstrap_.invoke(traced("id-1"));
  const auto subsegment = told();
  EXPECT_EQ(subsegment["annotations"], (json{{"signal", "SIGTERM"}, {"error_type", "Function.Timeout"}}));
  EXPECT_EQ(subsegment["fault"], true);
  const double took = subsegment["end_time"].get<double>() - subsegment["start_time"].get<double>();
  EXPECT_GT(took, 0.25);
}

TEST_F(TracingTest, AnAnswerThatIsTooLargeIsAFault) {
  start("exec yes");
  bootstrap_.invoke(traced("id-1"));
  const auto subsegment = told();
  EXPECT_EQ(subsegment["fault"], true);
  EXPECT_NE(subsegment["cause"]["exceptions"][0]["message"].get<std::string>().find("too large"),
            std::string::npos);
}

TEST_F(TracingTest, AStatusThatSucceedsIsNoFault) {
  start("exit 1", {{"SHELLSTRAP_SUCCESS", "0,1"}});
  bootstrap_.invoke(traced("id-1"));
  const auto subsegment = told();
  EXPECT_EQ(subsegment["annotations"], (json{{"exit_status", 1}}));
  EXPECT_FALSE(subsegment.contains("fault"));
}

TEST_F(TracingTest, AStreamedCallIsASubsegment) {
  start(kPrintTrace, {{"SHELLSTRAP_INVOKE_MODE", "stream"}});
  const auto seen = bootstrap_.invoke(traced("id-1")).body;
  EXPECT_NE(seen.find(told()["id"].get<std::string>()), std::string::npos) << seen;
}

TEST_F(TracingTest, EachRecordOfABatchIsASubsegment) {
  start("cat >/dev/null; echo \"$_X_AMZN_TRACE_ID\" >> seen; [ \"$(wc -l < seen)\" -lt 3 ]",
        {{"SHELLSTRAP_BATCH", "sqs"}});
  std::string records;
  for (int i = 0; i < 3; ++i)
    records += std::string(i > 0 ? "," : "") + R"({"messageId":"m)" + std::to_string(i) +
               R"(","body":"b","eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:eu-west-1:1:q"})";
  bootstrap_.invoke(traced("id-1", kSampled, "{\"Records\":[" + records + "]}"));
  std::set<std::string> ids;
  std::set<std::string> seen;
  int faults = 0;
  for (int i = 0; i < 3; ++i) {
    const auto subsegment = told();
    EXPECT_EQ(subsegment["parent_id"], kParent);
    ids.insert(subsegment["id"]);
    seen.insert(subsegment["metadata"]["shellstrap"]["record"]);
    faults += subsegment.contains("fault") ? 1 : 0;
  }
  EXPECT_EQ(ids.size(), 3U);
  EXPECT_EQ(seen, (std::set<std::string>{"m0", "m1", "m2"}));
  EXPECT_EQ(faults, 1);
  EXPECT_FALSE(daemon_.has_more());
}

TEST_F(TracingTest, FourWorkersMixNoTraces) {
  start("cat >/dev/null; echo \"$AWS_LAMBDA_REQUEST_ID $_X_AMZN_TRACE_ID\"",
        {{"AWS_LAMBDA_MAX_CONCURRENCY", "4"}});
  constexpr int kCalls = 40;
  ASSERT_TRUE(bootstrap_.api.wait_until_parked(4, 30s));
  const auto root_of = [](int i) { return "1-5759e988-" + std::string(22, 'a') + std::to_string(10 + i); };
  for (int i = 0; i < kCalls; ++i)
    bootstrap_.api.push_event(
        traced("id-" + std::to_string(10 + i), "Root=" + root_of(i) + ";Parent=" + kParent + ";Sampled=1"));
  std::map<std::string, std::string> seen;  // by request
  for (int i = 0; i < kCalls; ++i) {
    const auto body = bootstrap_.wait_for_post().body;
    seen[body.substr(0, body.find(' '))] = body.substr(body.find(' ') + 1);
  }
  for (int i = 0; i < kCalls; ++i) {
    const auto subsegment = told();
    const auto request = request_of(subsegment);
    EXPECT_EQ(subsegment["trace_id"], root_of(std::stoi(request.substr(3)) - 10));
    EXPECT_EQ(seen[request], "Root=" + subsegment["trace_id"].get<std::string>() +
                                 ";Parent=" + subsegment["id"].get<std::string>() + ";Sampled=1\n");
  }
}

TEST_F(TracingTest, NothingIsSentUnlessAskedFor) {
  start(kPrintTrace, {{"SHELLSTRAP_XRAY", "off"}});
  EXPECT_EQ(bootstrap_.invoke(traced("id-1")).body, kSampled + "\n");
  bootstrap_.wait_until_idle();
  EXPECT_FALSE(daemon_.has_more());
}

TEST_F(TracingTest, ADaemonThatIsNotThereCostsOneLineAndNoAnswer) {
  std::string address;
  {
    const support::UdpReceiver gone;
    address = gone.address();
  }
  start("cat", {{"AWS_XRAY_DAEMON_ADDRESS", "tcp:127.0.0.1:1 udp:" + address}});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(bootstrap_.invoke(traced("id-1")).body, "{}");
  bootstrap_.wait_until_idle();
  const auto log = bootstrap_.log();
  EXPECT_NE(log.find("1 subsegment was not taken by X-Ray's daemon at " + address), std::string::npos) << log;
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;
}

TEST_F(TracingTest, AnAddressThatIsNoneIsSaidAtInitAndTheHeaderIsPassedOnAsItCame) {
  start(kPrintTrace, {{"AWS_XRAY_DAEMON_ADDRESS", "xray.example.com:2000"}});
  EXPECT_EQ(bootstrap_.invoke(traced("id-1")).body, kSampled + "\n");
  EXPECT_TRUE(
      bootstrap_.logs("SHELLSTRAP_XRAY is on, but nothing is sent: AWS_XRAY_DAEMON_ADDRESS is "
                      "\"xray.example.com:2000\", which is no IP-ADDRESS:PORT"));
}

TEST_F(TracingTest, TheSocketIsNotTheChilds) {
  start("ls -l /proc/$$/fd | grep socket: || echo none");
  bootstrap_.invoke(traced("id-1"));
  told();
  EXPECT_EQ(bootstrap_.invoke(traced("id-2")).body, "none\n");
}
