// SPDX-License-Identifier: Apache-2.0
// The lines about an invocation: facts for people, facts as JSON, metrics.
#include "api/wire/function_error.h"
#include "runtime/log/facts_line.h"
#include "runtime/log/metrics_line.h"

#include <csignal>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using namespace std::chrono_literals;
using base::LogFormat;
using nlohmann::json;
using proc::ExitState;
using runtime::Account;
using runtime::facts_line;
using runtime::Surroundings;

proc::RunResult run_ended(proc::Ending ending) {
  return {.ending = std::move(ending),
          .elapsed = 12'345us,
          .usage = {.peak_memory_kib = 9000, .user_time = 1500us, .system_time = 700us}};
}

Account failed(proc::Ending ending = proc::Exited{ExitState::exited(3)}) {
  Account account{.who = {"id-1", ""}, .bytes_in = 2, .bytes_out = 14, .leftovers = 1};
  account.note(run_ended(std::move(ending)));
  account.error_type = "Function.Exit3";
  account.sentence = "a.sh exited with status 3";
  return account;
}

Account succeeded() {
  auto account = failed(proc::Exited{ExitState::exited(0)});
  account.error_type = account.sentence = "";
  return account;
}

const Surroundings kAround{.own_peak_kib = 4000, .tmp_free_kib = 512'000};

json metrics(const Account& account, std::string_view function = "shop") {
  return json::parse(runtime::metrics_line(account, kAround, function, 1'700'000'000'123ms));
}

}  // namespace

TEST(FactsLineTest, AFailureIsOneLineOfFacts) {
  EXPECT_EQ(facts_line(failed(), kAround, LogFormat::text),
            "shellstrap: error: RequestId: id-1 Function.Exit3: a.sh exited with status 3; exit=3 ms=12.3 "
            "peak_kib=9000 cpu_ms=2.2 bytes_in=2 bytes_out=14 leftovers=1 tmp_free_kib=512000\n");
}

TEST(FactsLineTest, OfABatchTheRecordIsAFact) {
  auto account = failed();
  account.record = "orders-0@15";
  EXPECT_NE(facts_line(account, kAround, LogFormat::text).find("status 3; record=orders-0@15 exit=3 "),
            std::string::npos);
  EXPECT_EQ(json::parse(facts_line(account, kAround, LogFormat::json))["record"], "orders-0@15");
}

TEST(FactsLineTest, InJsonTheFactsAreKeys) {
  auto account = failed();
  account.who.tenant_id = "blue";
  auto line = json::parse(facts_line(account, kAround, LogFormat::json));
  line.erase("timestamp");
  EXPECT_EQ(line, json::parse(R"({"level":"ERROR","requestId":"id-1","tenantId":"blue",
    "message":"Function.Exit3: a.sh exited with status 3","errorType":"Function.Exit3","exitStatus":3,
    "durationMs":12.3,"peakMemoryKiB":9000,"cpuMs":2.2,"bytesIn":2,"bytesOut":14,"leftovers":1,
    "tmpFreeKiB":512000})"));
}

TEST(FactsLineTest, PeakMemoryIsAtMostWhatTheKernelSaysWhereOursMayBeMeant) {
  const Surroundings large{.own_peak_kib = 9000, .tmp_free_kib = {}};
  EXPECT_NE(facts_line(failed(), large, LogFormat::text).find(" peak_kib=≤9000 "), std::string::npos);
  const auto line = json::parse(facts_line(failed(), large, LogFormat::json));
  EXPECT_EQ(line["peakMemoryKiB"], 9000);
  EXPECT_EQ(line["peakMemoryIsUpperBound"], true);
}

TEST(FactsLineTest, WhatIsNotKnownIsLeftOut) {
  auto account = failed(proc::LaunchError{"execve", 2});
  account.usage = {};
  const auto line = facts_line(account, {}, LogFormat::text);
  for (const auto* word : {"exit=", "signal=", "peak", "cpu", "tmp"})
    EXPECT_EQ(line.find(word), std::string::npos) << line;
  const auto keys = json::parse(facts_line(account, {}, LogFormat::json));
  for (const auto* key : {"exitStatus", "signal", "peakMemoryKiB", "cpuMs", "tmpFreeKiB"})
    EXPECT_FALSE(keys.contains(key)) << key;
}

TEST(FactsLineTest, ASignalHasItsName) {
  const auto account = failed(proc::Overdue{ExitState::signaled(SIGKILL)});
  EXPECT_NE(facts_line(account, kAround, LogFormat::text).find("; signal=SIGKILL ms="), std::string::npos);
  EXPECT_EQ(json::parse(facts_line(account, kAround, LogFormat::json))["signal"], "SIGKILL");
}

TEST(FactsLineTest, AnErrorInAHandlersWordsStaysOneBoundedLine) {
  auto account = failed();
  account.sentence = "first\nshellstrap: error: forged\r\n" + std::string(100'000, 'x');
  const auto line = facts_line(account, kAround, LogFormat::text);
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  EXPECT_LT(line.size(), 4096U);
  EXPECT_NE(line.find("; exit=3 "), std::string::npos);
}

TEST(FactsLineTest, ASuccessIsTheSameLineForDebugging) {
  EXPECT_EQ(runtime::level_of(succeeded()), base::LogLevel::debug);
  EXPECT_TRUE(facts_line(succeeded(), {}, LogFormat::text)
                  .starts_with("shellstrap: debug: RequestId: id-1 ok; exit=0 ms=12.3 "));
}

// The schema of the embedded metric format, as AWS has published it, in its essentials.
TEST(MetricsLineTest, IsValidEmbeddedMetricFormat) {
  const auto line = metrics(failed());
  const auto& aws = line.at("_aws");
  EXPECT_EQ(aws.at("Timestamp"), 1'700'000'000'123);
  ASSERT_EQ(aws.at("CloudWatchMetrics").size(), 1U);
  const auto& group = aws["CloudWatchMetrics"][0];
  EXPECT_EQ(group.at("Namespace"), "shellstrap");
  EXPECT_EQ(group.at("Dimensions"), json::parse(R"([["FunctionName","outcome"]])"));
  for (const auto& dimension : group["Dimensions"][0]) {
    const auto value = line.at(dimension.get<std::string>()).get<std::string>();
    EXPECT_TRUE(!value.empty() && value.size() <= 1024) << dimension;
  }
  std::map<std::string, std::string> units;
  for (const auto& metric : group.at("Metrics")) {
    EXPECT_TRUE(line.at(metric.at("Name").get<std::string>()).is_number()) << metric;
    units[metric["Name"]] = metric.at("Unit");
  }
  EXPECT_EQ(units, (std::map<std::string, std::string>{{"duration", "Milliseconds"},
                                                       {"cpuTime", "Milliseconds"},
                                                       {"peakMemory", "Kilobytes"},
                                                       {"bytesIn", "Bytes"},
                                                       {"bytesOut", "Bytes"}}));
}

TEST(MetricsLineTest, HoldsTheFiguresAndWhoseTheyAre) {
  const auto line = metrics(failed());
  EXPECT_EQ(line["FunctionName"], "shop");
  EXPECT_EQ(line["outcome"], "Function.Exit3");
  EXPECT_EQ(line["requestId"], "id-1");
  EXPECT_DOUBLE_EQ(line["duration"], 12.345);
  EXPECT_DOUBLE_EQ(line["cpuTime"], 2.2);
  EXPECT_EQ(line["peakMemory"], 9000);
  EXPECT_EQ(metrics(succeeded())["outcome"], "ok");
}

TEST(MetricsLineTest, AMetricThatIsNotKnownIsNeitherDeclaredNorThere) {
  auto account = succeeded();
  account.usage = {};
  const auto line = metrics(account, "");
  EXPECT_EQ(line["_aws"]["CloudWatchMetrics"][0]["Metrics"].size(), 3U);
  EXPECT_FALSE(line.contains("peakMemory"));
  EXPECT_EQ(line["FunctionName"], "unknown");
}

TEST(MetricsLineTest, AHandlersOwnErrorNameMakesNoNewMetric) {
  auto account = failed();
  account.error_type = "Function.NoSuchUser42";
  const auto line = metrics(account);
  EXPECT_EQ(line["outcome"], "Function.Exit3");
  EXPECT_EQ(line["errorType"], "Function.NoSuchUser42");
}
