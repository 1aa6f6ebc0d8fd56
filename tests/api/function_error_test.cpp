// SPDX-License-Identifier: Apache-2.0
#include "api/wire/function_error.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using api::ErrorType;
using api::FunctionError;
using nlohmann::json;

FunctionError make(std::string message, std::vector<std::string> stack = {}) {
  return {ErrorType::exited(3), std::move(message), std::move(stack), {}};
}

bool is_one_printable_line(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7F; });
}

TEST(FunctionErrorTest, BodyHasTheKeysOfTheService) {
  const auto body = json::parse(make("boom", {"line 1", "line 2"}).body());
  EXPECT_EQ(body, (json{{"errorMessage", "boom"},
                        {"errorType", "Function.Exit3"},
                        {"stackTrace", json::array({"line 1", "line 2"})}}));
}

TEST(FunctionErrorTest, BodyKeepsQuotesNewlinesAndUnicode) {
  const std::string message = "say \"hi\"\n\ttab \\ caf\xC3\xA9 \xE2\x9C\x93 \x01";
  EXPECT_EQ(json::parse(make(message).body())["errorMessage"], message);
}

TEST(FunctionErrorTest, BrokenUtf8IsRepairedEverywhere) {
  auto error = make("a\xFFz", {"\xC3"});
  error.shown_type = "T\x80";
  const auto body = json::parse(error.body());
  EXPECT_EQ(body["errorMessage"], "a\xEF\xBF\xBDz");
  EXPECT_EQ(body["stackTrace"][0], "\xEF\xBF\xBD");
  EXPECT_EQ(body["errorType"], "T\xEF\xBF\xBD");
}

TEST(FunctionErrorTest, ShownTypeStandsInTheBody) {
  auto error = make("m");
  error.shown_type = "my error";
  EXPECT_EQ(json::parse(error.body())["errorType"], "my error");
}

TEST(FunctionErrorTest, HugeMessageAndStackLeaveAValidBodyOfModestSize) {
  const auto body = make(std::string(3'000'000, '\x01'), std::vector<std::string>(50'000, "frame")).body();
  EXPECT_LE(body.size(), 256U * 1024);
  EXPECT_FALSE(json::parse(body)["errorMessage"].get<std::string>().empty());
}

TEST(FunctionErrorTest, CroppedStackKeepsItsLastLines) {
  std::vector<std::string> lines(100'000, "old");
  lines.push_back("newest");
  const auto stack = json::parse(make("m", lines).body())["stackTrace"];
  EXPECT_EQ(stack.back(), "newest");
  EXPECT_LT(stack.size(), lines.size());
}

TEST(FunctionErrorTest, CroppedMessageTearsNoCharacter) {
  std::string message = "x";
  for (int i = 0; i < 200'000; ++i) message += "\xE2\x9C\x93";
  const auto cropped = json::parse(make(message).body())["errorMessage"].get<std::string>();
  EXPECT_EQ(message.substr(0, cropped.size()), cropped);
  EXPECT_LT(cropped.size(), message.size());
}

TEST(FunctionErrorTest, XrayCauseIsOnePrintableLineWithTheKeysOfTheService) {
  const auto text = make("two\nlines caf\xC3\xA9 \x7F", {"in f\xFF"}).xray_cause("/var/task");
  EXPECT_TRUE(is_one_printable_line(text)) << text;
  const auto cause = json::parse(text);
  EXPECT_EQ(cause["working_directory"], "/var/task");
  EXPECT_EQ(cause["message"], "two\nlines caf\xC3\xA9 \x7F");
  EXPECT_EQ(cause["paths"], json::array());
  EXPECT_EQ(cause["exceptions"][0]["type"], "Function.Exit3");
  EXPECT_EQ(cause["exceptions"][0]["message"], cause["message"]);
  EXPECT_EQ(cause["exceptions"][0]["stack"][0]["label"], "in f\xEF\xBF\xBD");
}

TEST(FunctionErrorTest, XrayCauseNeverExceeds64KiB) {
  for (const std::size_t size : {10'000U, 20'000U, 40'000U, 65'536U, 5'000'000U}) {
    const auto text =
        make(std::string(size, '\x02'), {std::string(size, 'y')}).xray_cause(std::string(size, '/'));
    EXPECT_LE(text.size(), 65'536U) << size;
    EXPECT_TRUE(is_one_printable_line(text));
    EXPECT_FALSE(json::parse(text)["message"].get<std::string>().empty());
  }
}

class ErrorByHandlerTest : public testing::Test {
 protected:
  std::optional<FunctionError> read(std::string_view answer) { return api::error_by_handler(answer, base_); }

  FunctionError base_ = make("exit status 3", {"stderr line"});
};

TEST_F(ErrorByHandlerTest, TypeAndMessageAreTaken) {
  const auto error = read(R"({"errorType": "Function.NoMoney", "errorMessage": "broke"})");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->type.text(), "Function.NoMoney");
  EXPECT_EQ(error->message, "broke");
  EXPECT_EQ(error->stack_trace, base_.stack_trace);
  EXPECT_EQ(json::parse(error->body())["errorType"], "Function.NoMoney");
}

TEST_F(ErrorByHandlerTest, TypeThatTheServiceWouldReplaceStandsInTheBodyAndIsMadeFitForTheHeader) {
  const auto error = read(R"({"errorType": "no money!"})");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->type.text(), "Function.Nomoney");
  EXPECT_EQ(json::parse(error->body())["errorType"], "no money!");
  EXPECT_EQ(error->message, base_.message);
}

TEST_F(ErrorByHandlerTest, MessageAloneKeepsTheTypeOfTheExit) {
  const auto error = read("  {\"errorMessage\": \"caf\xC3\xA9\", \"more\": {\"deep\": [1, {}]}}\n");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->type, base_.type);
  EXPECT_EQ(error->message, "caf\xC3\xA9");
}

TEST_F(ErrorByHandlerTest, StackTraceOfTheHandlerReplacesOurs) {
  const auto error = read(R"({"errorMessage": "m", "stackTrace": ["a", 1, ["x"], {"y": 2}, "b"]})");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->stack_trace, (std::vector<std::string>{"a", "b"}));
}

TEST_F(ErrorByHandlerTest, BrokenUtf8InTheAnswerIsRepaired) {
  const auto error = read("{\"errorMessage\": \"a\xFF\"}");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->message, "a\xEF\xBF\xBD");
}

TEST_F(ErrorByHandlerTest, AnythingElseIsNoError) {
  for (const auto* answer :
       {"", "text", "42", "null", "[]", "\"errorType\"", "{}", R"({"errorType": 1})",
        R"({"errorMessage": null})", R"({"errorType": ""})", R"({"error": {"errorType": "X"}})",
        R"([{"errorType": "X"}])", R"({"errorType": "X")", R"({"errorType": "X"} {"errorType": "Y"})",
        R"({"errorType": "X"} trailing)"}) {
    EXPECT_FALSE(read(answer)) << answer;
  }
}

TEST_F(ErrorByHandlerTest, DeeplyNestedAnswerHarmsNothing) {
  const std::string deep(300'000, '[');
  EXPECT_FALSE(read(deep));
  EXPECT_FALSE(read("{\"errorType\": \"Xy\", \"a\": " + deep));
  const auto closed = std::string(300'000, '[') + std::string(300'000, ']');
  EXPECT_TRUE(read("{\"errorType\": \"Xy\", \"a\": " + closed + "}"));
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_FALSE(read(objects));
}

TEST_F(ErrorByHandlerTest, AnswerOverAMebibyteIsNoErrorObject) {
  EXPECT_FALSE(read(R"({"errorMessage": ")" + std::string(2'000'000, 'x') + "\"}"));
}

}  // namespace
