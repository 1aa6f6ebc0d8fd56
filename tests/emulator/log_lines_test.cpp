// SPDX-License-Identifier: Apache-2.0
#include "emulator/call/log_lines.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using namespace emulator;
using std::chrono::microseconds;

TEST(LogLinesTest, ReportOfAWarmCall) {
  const CallReport report{"RID", microseconds(1234), std::nullopt, 128, 2049, "", false};
  EXPECT_EQ(
      report_line(report),
      "REPORT RequestId: RID\tDuration: 1.23 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB\tMax Memory "
      "Used: 3 MB\n");
}

TEST(LogLinesTest, ReportOfAColdCallBillsTheInit) {
  const CallReport report{"RID", microseconds(1000), microseconds(5001), 512, 1024, "", false};
  EXPECT_EQ(
      report_line(report),
      "REPORT RequestId: RID\tDuration: 1.00 ms\tBilled Duration: 7 ms\tMemory Size: 512 MB\tMax Memory "
      "Used: 1 MB\tInit Duration: 5.00 ms\n");
}

TEST(LogLinesTest, ReportSaysWhatFailed) {
  CallReport report{"RID", microseconds(0), std::nullopt, 128, 0, "Function.Exit3", false};
  EXPECT_TRUE(report_line(report).ends_with("\tStatus: error\tError Type: Function.Exit3\n"));
  report.timed_out = true;
  EXPECT_TRUE(report_line(report).ends_with("\tStatus: timeout\n"));
}

TEST(LogLinesTest, OfAManagedInstanceTheyAreJson) {
  const auto start = nlohmann::json::parse(json_start_line("RID", "$LATEST"));
  EXPECT_EQ(start["type"], "platform.start");
  EXPECT_EQ(start["record"], nlohmann::json({{"requestId", "RID"}, {"version", "$LATEST"}}));
  CallReport report{"RID", microseconds(1500), microseconds(5000), 128, 1025, "", false};
  auto record = nlohmann::json::parse(json_report_line(report))["record"];
  EXPECT_EQ(
      record["metrics"],
      nlohmann::json(
          {{"durationMs", 1.5}, {"initDurationMs", 5.0}, {"memorySizeMB", 128}, {"maxMemoryUsedMB", 2}}));
  EXPECT_EQ(record["status"], "success");
  report.error_type = "Sandbox.Timedout";
  report.timed_out = true;
  EXPECT_EQ(nlohmann::json::parse(json_report_line(report))["record"]["status"], "timeout");
}

TEST(LogLinesTest, StartEndAndTimeout) {
  EXPECT_EQ(start_line("RID", "$LATEST"), "START RequestId: RID Version: $LATEST\n");
  EXPECT_EQ(end_line("RID"), "END RequestId: RID\n");
  EXPECT_EQ(timeout_line("T", "RID", std::chrono::milliseconds(500)),
            "T RID Task timed out after 0.50 seconds\n");
  EXPECT_EQ(init_report_line(microseconds(10'000'000), "Sandbox.Timedout", true),
            "INIT_REPORT Init Duration: 10000.00 ms\tPhase: init\tStatus: timeout\n");
}

}  // namespace
