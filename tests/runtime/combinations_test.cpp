// SPDX-License-Identifier: Apache-2.0
#include "runtime/settings/combinations.h"

#include "runtime/settings/settings.h"

#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

namespace {

using runtime::parse_settings;

/// What is wrong with these variables; empty: nothing.
std::string fault_of_all(const std::vector<std::pair<std::string, std::string>>& variables) {
  base::Environment environment;
  for (const auto& [name, value] : variables) environment.set(name, value);
  const auto settings = parse_settings(environment, std::nullopt);
  return settings ? "" : settings.error().message;
}

/// One row of the table: a format, and what is said where a mode does not go with it.
struct Combination {
  const char* format;
  const char* buffered;
  const char* stream;
};

constexpr Combination kCombinations[] = {
    {"raw", "", ""},
    {"json", "", "before all of it can be checked"},
    {"text", "", "use raw and SHELLSTRAP_CONTENT_TYPE"},
    {"base64", "", "use raw and SHELLSTRAP_CONTENT_TYPE"},
    {"cgi", "", ""},
    {"result", "", "is known at its end"},
};

class CombinationTest : public testing::TestWithParam<std::tuple<Combination, const char*, bool>> {};

TEST_P(CombinationTest, WorksOrIsAnInitErrorThatSaysWhy) {
  const auto& [row, channel, streams] = GetParam();
  const auto fault = fault_of_all({{"SHELLSTRAP_RESPONSE_FORMAT", row.format},
                                   {"SHELLSTRAP_RESPONSE", channel},
                                   {"SHELLSTRAP_INVOKE_MODE", streams ? "stream" : "buffered"}});
  std::string expected = streams ? row.stream : row.buffered;
  const std::string from = channel;
  if (streams && from == "stderr") expected = "use stdout or fd:N";
  if (streams && from == "memory")
    expected = "SHELLSTRAP_RESPONSE=memory goes with SHELLSTRAP_INVOKE_MODE=buffered only";
  if (std::string(row.format) == "result" && from != "stdout" && from != "memory")
    expected = "both in the answer";
  if (expected.empty())
    EXPECT_EQ(fault, "");
  else
    EXPECT_NE(fault.find(expected), std::string::npos) << fault;
}

std::string name_of(const testing::TestParamInfo<std::tuple<Combination, const char*, bool>>& tested) {
  const auto& [row, channel, streams] = tested.param;
  const std::string from = std::string(channel) == "fd:3" ? "fd" : channel;
  return std::string(row.format) + "_" + from + (streams ? "_stream" : "_buffered");
}

INSTANTIATE_TEST_SUITE_P(All, CombinationTest,
                         testing::Combine(testing::ValuesIn(kCombinations),
                                          testing::Values("stdout", "stderr", "memory", "fd:3"),
                                          testing::Bool()),
                         name_of);

TEST(CombinationsTest, SettingsOfCgiNeedTheFormat) {
  const std::string expected = "go with SHELLSTRAP_RESPONSE_FORMAT=cgi only";
  EXPECT_NE(fault_of_all({{"SHELLSTRAP_CGI_BASE_PATH", "/app"}}).find(expected), std::string::npos);
  EXPECT_NE(fault_of_all({{"SHELLSTRAP_CGI_AUTHORIZATION", "on"}}).find(expected), std::string::npos);
  EXPECT_EQ(fault_of_all({{"SHELLSTRAP_CGI_AUTHORIZATION", "on"}, {"SHELLSTRAP_RESPONSE_FORMAT", "cgi"}}),
            "");
}

TEST(CombinationsTest, BadValuesSayWhatWouldBeGood) {
  EXPECT_EQ(fault_of_all({{"SHELLSTRAP_RESPONSE_FORMAT", "xml"}}),
            "SHELLSTRAP_RESPONSE_FORMAT must be raw, json, text, base64, cgi or result, not \"xml\".");
  for (const char* path : {"app", "/", "//app", "/a//b"})
    EXPECT_EQ(fault_of_all({{"SHELLSTRAP_CGI_BASE_PATH", path}, {"SHELLSTRAP_RESPONSE_FORMAT", "cgi"}}),
              "SHELLSTRAP_CGI_BASE_PATH must be a path as in /app, not \"" + std::string(path) + "\".");
  for (const char* value : {"yes", "header:", "header:a b", "Header:X"})
    EXPECT_NE(fault_of_all({{"SHELLSTRAP_CGI_AUTHORIZATION", value}}).find("must be off, on or header:NAME"),
              std::string::npos);
}

TEST(CombinationsTest, ACgiProgramReadsTheRequestsBody) {
  EXPECT_NE(fault_of_all({{"SHELLSTRAP_RESPONSE_FORMAT", "cgi"}, {"SHELLSTRAP_STDIN", "none"}})
                .find("SHELLSTRAP_STDIN"),
            std::string::npos);
  EXPECT_EQ(fault_of_all({{"SHELLSTRAP_RESPONSE_FORMAT", "cgi"}, {"SHELLSTRAP_STDIN", "event"}}), "");
}

TEST(CombinationsTest, EveryStatusIsAResult) {
  EXPECT_NE(fault_of_all({{"SHELLSTRAP_RESPONSE_FORMAT", "result"}, {"SHELLSTRAP_SUCCESS", "0,1"}})
                .find("every exit status is an answer"),
            std::string::npos);
}

TEST(CombinationsTest, TheAnswerToABatchIsOurs) {
  const std::string expected = "do not go with SHELLSTRAP_BATCH: the answer is the list of failed records";
  for (const auto& [name, value] : {std::pair{"SHELLSTRAP_RESPONSE_FORMAT", "json"},
                                    {"SHELLSTRAP_RESPONSE_FORMAT", "text"},
                                    {"SHELLSTRAP_RESPONSE_FORMAT", "base64"},
                                    {"SHELLSTRAP_RESPONSE_FORMAT", "cgi"},
                                    {"SHELLSTRAP_RESPONSE_FORMAT", "result"},
                                    {"SHELLSTRAP_INVOKE_MODE", "stream"},
                                    {"SHELLSTRAP_CONTENT_TYPE", "text/plain"}})
    EXPECT_NE(fault_of_all({{"SHELLSTRAP_BATCH", "sqs"}, {name, value}}).find(expected), std::string::npos)
        << value;
  for (const char* channel : {"stdout", "stderr", "fd:3"})
    EXPECT_EQ(fault_of_all({{"SHELLSTRAP_BATCH", "sqs"}, {"SHELLSTRAP_RESPONSE", channel}}), "");
}

TEST(CombinationsTest, ARecordHasNoAnswerThatCouldBeAFile) {
  EXPECT_NE(fault_of_all({{"SHELLSTRAP_BATCH", "sqs"}, {"SHELLSTRAP_RESPONSE", "memory"}})
                .find("SHELLSTRAP_RESPONSE=memory does not go with SHELLSTRAP_BATCH"),
            std::string::npos);
}

TEST(CombinationsTest, WhatARecordReadsIsASettingOfBatches) {
  EXPECT_NE(fault_of_all({{"SHELLSTRAP_BATCH", "sqs"}, {"SHELLSTRAP_STDIN", "none"}})
                .find("SHELLSTRAP_BATCH_STDIN"),
            std::string::npos);
  const std::string expected = "go with SHELLSTRAP_BATCH only";
  EXPECT_NE(fault_of_all({{"SHELLSTRAP_BATCH_STDIN", "record"}}).find(expected), std::string::npos);
  EXPECT_NE(fault_of_all({{"SHELLSTRAP_BATCH_PARALLEL", "2"}}).find(expected), std::string::npos);
}

TEST(CombinationsTest, EachFormatHasItsContentTypes) {
  const auto types = [](const char* format, const char* type) {
    base::Environment environment;
    environment.set("SHELLSTRAP_RESPONSE_FORMAT", format);
    environment.set("SHELLSTRAP_CONTENT_TYPE", type);
    const auto settings = parse_settings(environment, std::nullopt);
    EXPECT_TRUE(settings.ok());
    return settings->content_type + " > " + settings->body_type;
  };
  EXPECT_EQ(types("raw", ""), "application/json > ");
  EXPECT_EQ(types("raw", "text/html"), "text/html > ");
  EXPECT_EQ(types("text", ""), "application/json > text/plain; charset=utf-8");
  EXPECT_EQ(types("text", "text/html"), "application/json > text/html");
  EXPECT_EQ(types("base64", ""), "application/json > application/octet-stream");
  EXPECT_EQ(types("cgi", ""), "application/json > ");
  EXPECT_EQ(types("cgi", "text/html"), "application/json > text/html");
}

}  // namespace
