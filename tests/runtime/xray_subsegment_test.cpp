// SPDX-License-Identifier: Apache-2.0
#include "runtime/tracing/xray_subsegment.h"

#include <csignal>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;
using runtime::XrayFault;
using runtime::XraySubsegment;
using namespace std::chrono_literals;

constexpr std::string_view kHead = "{\"format\": \"json\", \"version\": 1}\n";

XraySubsegment make(proc::Ending ending) {
  return {.id = "00f067aa0ba902b7",
          .trace = {"1-5759e988-bd862e3fe1be46a994272793", "53995c3f42cd8ad8"},
          .name = "bin/run.sh",
          .directory = "/var/task",
          .request_id = "id-1",
          .start = 1'700'000'000'123'456us,
          .run = {.ending = std::move(ending), .elapsed = 2500us},
          .fault = std::nullopt};
}

XraySubsegment subsegment_of(proc::Ending ending, std::string type, std::string message) {
  auto subsegment = make(std::move(ending));
  subsegment.fault = XrayFault{"b7ad6b7169203331", std::move(type), std::move(message)};
  return subsegment;
}

json document_of(const XraySubsegment& subsegment) {
  const auto datagram = subsegment.datagram();
  EXPECT_TRUE(datagram.starts_with(kHead)) << datagram;
  return json::parse(datagram.substr(kHead.size()));
}

}  // namespace

TEST(XraySubsegmentTest, ASuccessIsACompleteSubsegmentOfTheHeadersParent) {
  auto document = document_of(make(proc::Exited{proc::ExitState::exited(0)}));
  EXPECT_DOUBLE_EQ(document["start_time"].get<double>(), 1700000000.123456);
  EXPECT_NEAR(document["end_time"].get<double>(), 1700000000.125956, 1e-6);
  document.erase("start_time");
  document.erase("end_time");
  EXPECT_EQ(document, (json{{"name", "bin/run.sh"},
                            {"id", "00f067aa0ba902b7"},
                            {"trace_id", "1-5759e988-bd862e3fe1be46a994272793"},
                            {"parent_id", "53995c3f42cd8ad8"},
                            {"type", "subsegment"},
                            {"in_progress", false},
                            {"annotations", {{"exit_status", 0}}},
                            {"metadata", {{"shellstrap", {{"request_id", "id-1"}}}}}}));
}

TEST(XraySubsegmentTest, AFailureIsAFaultWithItsCause) {
  const auto document = document_of(subsegment_of(proc::Exited{proc::ExitState::exited(3)}, "Function.Exit3",
                                                  "run.sh exited with status 3"));
  EXPECT_EQ(document["fault"], true);
  EXPECT_EQ(document["annotations"], (json{{"exit_status", 3}, {"error_type", "Function.Exit3"}}));
  EXPECT_EQ(document["cause"],
            (json{{"working_directory", "/var/task"},
                  {"paths", json::array()},
                  {"exceptions", json::array({{{"id", "b7ad6b7169203331"},
                                               {"type", "Function.Exit3"},
                                               {"message", "run.sh exited with status 3"}}})}}));
}

TEST(XraySubsegmentTest, ASignalIsNamed) {
  const auto document = document_of(
      subsegment_of(proc::Overdue{proc::ExitState::signaled(SIGTERM)}, "Function.Timeout", "too late"));
  EXPECT_EQ(document["annotations"]["signal"], "SIGTERM");
  EXPECT_FALSE(document["annotations"].contains("exit_status"));
}

TEST(XraySubsegmentTest, WhatIsNotKnownIsLeftOut) {
  const auto document = document_of(subsegment_of(proc::Refused{1}, "", "too much"));
  EXPECT_EQ(document["annotations"], json::object());
  EXPECT_FALSE(document["cause"]["exceptions"][0].contains("type"));
}

TEST(XraySubsegmentTest, UsageIsMetadataWhereItIsKnown) {
  auto subsegment = make(proc::Exited{proc::ExitState::exited(0)});
  subsegment.run.usage = {.peak_memory_kib = 2048, .user_time = 1500us, .system_time = 500us};
  EXPECT_EQ(document_of(subsegment)["metadata"]["shellstrap"],
            (json{{"request_id", "id-1"}, {"cpu_ms", 2.0}, {"peak_memory_kib", 2048}}));
}

TEST(XraySubsegmentTest, ANameHasOnlyWhatXrayTakes) {
  auto subsegment = make(proc::Exited{proc::ExitState::exited(0)});
  subsegment.name = "a b_.:/%&#=+\\-@Z9 caf\xC3\xA9 *?'\"(\n\xFF";
  EXPECT_EQ(document_of(subsegment)["name"], "a b_.:/%&#=+\\-@Z9 caf\xC3\xA9 _____\x5F\xEF\xBF\xBD");
  subsegment.name = std::string(199, 'n') + "\xC3\xA9";
  EXPECT_EQ(document_of(subsegment)["name"], std::string(199, 'n'));
}

TEST(XraySubsegmentTest, NoDatagramIsTooLongWhateverTheTextsHold) {
  for (const std::string& text : {std::string(1'000'000, '\x01'), std::string(1'000'000, '\xFF')}) {
    auto subsegment = subsegment_of(proc::Lost{text}, text, text);
    subsegment.name = subsegment.directory = subsegment.request_id = subsegment.record = text;
    EXPECT_LE(subsegment.datagram().size(), XraySubsegment::kLongestDatagram);
    EXPECT_FALSE(document_of(subsegment)["cause"]["exceptions"][0]["message"].get<std::string>().empty());
  }
}
