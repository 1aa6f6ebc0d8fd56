// SPDX-License-Identifier: Apache-2.0
#include "runtime/log/log_record.h"

#include "base/text/text.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using base::LogFormat;
using base::LogLevel;
using nlohmann::json;
using nlohmann::ordered_json;
using runtime::LogRecords;

const base::LogContext kCall{"id-1", ""};

std::string written(std::string_view line, base::LogOptions options, base::LogContext who = kCall) {
  LogRecords records(options, who);
  std::string out;
  records.came_now();
  records.append(out, line, false);
  return out;
}

std::string json_of(std::string_view line, LogLevel lowest = LogLevel::trace, base::LogContext who = kCall) {
  return written(line, {.format = LogFormat::json, .handler_lowest = lowest}, who);
}

// The one record of a line, checked to be one.
ordered_json record_of(std::string_view line, base::LogContext who = kCall) {
  const auto text = json_of(line, LogLevel::trace, who);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
  auto record = ordered_json::parse(text, nullptr, false);
  EXPECT_TRUE(record.is_object()) << text;
  return record;
}

std::vector<std::string> keys_of(const ordered_json& record) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : record.items()) keys.push_back(key);
  return keys;
}

class LevelPrefixTest : public testing::TestWithParam<std::pair<const char*, const char*>> {};
class NoLevelTest : public testing::TestWithParam<const char*> {};
class HostileLineTest : public testing::TestWithParam<std::string> {};

}  // namespace

TEST(LogRecordTest, ALineOfTextBecomesAnObjectWithTimeLevelRequestAndMessage) {
  const auto record = record_of("hello \"world\"\t\x01");
  EXPECT_EQ(keys_of(record), (std::vector<std::string>{"timestamp", "level", "requestId", "message"}));
  EXPECT_EQ(record["level"], "INFO");
  EXPECT_EQ(record["requestId"], "id-1");
  EXPECT_EQ(record["message"], "hello \"world\"\t\x01");
  const std::string time = record["timestamp"];
  ASSERT_EQ(time.size(), 24U) << time;
  EXPECT_EQ(time[10], 'T');
  EXPECT_EQ(time[19], '.');
  EXPECT_EQ(time[23], 'Z');
}

TEST(LogRecordTest, TheTenantIsNamedWhereThereIsOneAndNobodyWhereThereIsNoCall) {
  EXPECT_EQ(record_of("x", {"id-1", "blue"})["tenantId"], "blue");
  EXPECT_EQ(keys_of(record_of("x", {})), (std::vector<std::string>{"timestamp", "level", "message"}));
}

TEST(LogRecordTest, AnObjectIsPassedOnAsWrittenWithWhatIsMissingBehind) {
  const std::string line = R"({"msg" : "a\u00e9", "n":12345678901234567890123, "level":"warn" })";
  const auto text = json_of(line);
  EXPECT_TRUE(text.starts_with(line.substr(0, line.size() - 1))) << text;
  const auto record = ordered_json::parse(text);
  EXPECT_EQ(keys_of(record), (std::vector<std::string>{"msg", "n", "level", "timestamp", "requestId"}));
}

TEST(LogRecordTest, AnObjectThatHasEverythingIsUntouched) {
  const std::string line = R"({"level":"INFO","requestId":"mine","timestamp":1,"tenantId":null})";
  EXPECT_EQ(json_of(line, LogLevel::trace, {"id-1", "blue"}), line + "\n");
}

TEST(LogRecordTest, KeysBelowTheTopAreNotTheRecords) {
  const auto text =
      json_of(R"({"a":{"level":"DEBUG","requestId":"x"},"b":[{"timestamp":1}]})", LogLevel::error);
  const auto record = json::parse(text);
  EXPECT_EQ(record["level"], "INFO");
  EXPECT_EQ(record["requestId"], "id-1");
  EXPECT_TRUE(record.contains("timestamp"));
}

TEST(LogRecordTest, AnEmptyObjectGetsTheKeysAlone) {
  EXPECT_EQ(keys_of(record_of(" {} ")), (std::vector<std::string>{"timestamp", "level", "requestId"}));
}

TEST(LogRecordTest, AnEscapedKeyIsTheSameKey) {
  const auto text = json_of(R"({"re\u0071uestId":"mine"})");
  EXPECT_EQ(text.find("id-1"), std::string::npos);
  EXPECT_EQ(json::parse(text)["requestId"], "mine");
}

TEST_P(LevelPrefixTest, IsTheLevelAndStaysInTheMessage) {
  const auto [line, level] = GetParam();
  const auto record = record_of(line);
  EXPECT_EQ(record["level"], level);
  EXPECT_EQ(record["message"], line);
}

INSTANTIATE_TEST_SUITE_P(Words, LevelPrefixTest,
                         testing::Values(std::pair("TRACE: x", "TRACE"), std::pair("DEBUG: x", "DEBUG"),
                                         std::pair("INFO: x", "INFO"), std::pair("WARN: x", "WARN"),
                                         std::pair("ERROR: disk full", "ERROR"),
                                         std::pair("FATAL: x", "FATAL"), std::pair("ERROR:", "ERROR")));

TEST_P(NoLevelTest, IsNotGuessedAndNeverHidden) {
  const auto text = json_of(GetParam(), LogLevel::fatal);
  ASSERT_NE(text, "");
  EXPECT_EQ(json::parse(text)["level"], "INFO");
}

INSTANTIATE_TEST_SUITE_P(Lines, NoLevelTest,
                         testing::Values("an ERROR: inside", " ERROR: indented", "error: small",
                                         "WARNING: not of the words", "ERROR:root:glued", "ERROR",
                                         "Traceback", "[ERROR] x", R"({"msg":"DEBUG: x"})", ""));

TEST(LogRecordTest, TheLevelHidesWhatSaysALowerOne) {
  EXPECT_EQ(json_of("DEBUG: x", LogLevel::info), "");
  EXPECT_EQ(json_of(R"({"level":"debug"})", LogLevel::info), "");
  EXPECT_NE(json_of("INFO: x", LogLevel::info), "");
  EXPECT_NE(json_of(R"({"level":30,"msg":"a number is no level of ours"})", LogLevel::fatal), "");
}

TEST(LogRecordTest, OfALevelThatIsThereTwiceTheLastCounts) {
  EXPECT_EQ(json_of(R"({"level":"ERROR","level":"DEBUG"})", LogLevel::info), "");
  EXPECT_NE(json_of(R"({"level":"DEBUG","level":"ERROR"})", LogLevel::info), "");
  for (const auto* other : {"30", "null", R"({"level":"DEBUG"})", R"(["DEBUG"])"})
    EXPECT_NE(json_of(std::string(R"({"level":"DEBUG","level":)") + other + "}", LogLevel::info), "")
        << other;
}

TEST_P(HostileLineTest, BecomesOneValidRecordOfItsRequest) {
  EXPECT_EQ(record_of(GetParam())["requestId"], "id-1");
}

INSTANTIATE_TEST_SUITE_P(Lines, HostileLineTest,
                         testing::Values(std::string("a\0b", 3), "\xFF\xFE\xC3", "{\"a\":\"\xFF\"}", "{",
                                         "{}{}", "{\"a\":1} x", "{\"a\":1e999}", "{\"a\":NaN}", "[1]",
                                         "\"text\"", "null", std::string(60, '['), "{\"a\":\"\n\"}",
                                         "{\"a\":1,}", "\r", "\x7F\x1B[0m", std::string("{\"a\":1}\0", 8),
                                         std::string("{\"a\":1}\0}", 9)));

TEST(LogRecordTest, WhatGrowsTooLongByEscapesIsCutIntoPartsOfOneLine) {
  for (const std::string& line : {std::string(60'000, '\x01'), std::string(40'000, '"') + "é", [] {
                                    std::string text;
                                    while (text.size() < 60'000) text += "\xFF✓";
                                    return text;
                                  }()}) {
    const auto text = json_of("ERROR: " + line);
    std::string joined;
    int part = 0;
    for (const auto piece : base::split(std::string_view(text).substr(0, text.size() - 1), '\n')) {
      EXPECT_LT(piece.size(), base::kLongestLogLine);
      const auto record = json::parse(piece);
      EXPECT_EQ(record["level"], "ERROR");
      if (record.contains("part")) {
        EXPECT_EQ(record["part"], ++part);
      }
      joined += record["message"];
    }
    EXPECT_EQ(joined, "ERROR: " + base::repair_utf8(line));
  }
}

TEST(LogRecordTest, AnObjectThatIsTooLongIsTextInParts) {
  const auto line = R"({"a":")" + std::string(LogRecords::kLongestPiece - 10, 'x') + "\"}";
  const auto text = json_of(line, LogLevel::trace, {std::string(5000, 'r'), std::string(5000, 't')});
  for (const auto piece : base::split(std::string_view(text).substr(0, text.size() - 1), '\n')) {
    EXPECT_LT(piece.size(), base::kLongestLogLine);
    EXPECT_TRUE(json::parse(piece).contains("requestId"));
  }
}

TEST(LogRecordTest, TextIsUntouchedUnlessThePrefixIsAskedFor) {
  EXPECT_EQ(written("DEBUG: \xFF", {.handler_lowest = LogLevel::fatal}), "DEBUG: \xFF\n");
  EXPECT_EQ(written("hi", {.prefix = true}), "[id-1] hi\n");
  EXPECT_EQ(written("hi", {.prefix = true}, {}), "hi\n");
}
