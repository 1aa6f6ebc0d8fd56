// SPDX-License-Identifier: Apache-2.0
#include "runtime/settings/settings.h"

#include <gtest/gtest.h>

using runtime::parse_settings;
using runtime::Settings;
using namespace std::chrono_literals;

namespace {

base::Environment with(std::initializer_list<std::pair<const char*, const char*>> variables) {
  base::Environment environment;
  for (const auto& [name, value] : variables) environment.set(name, value);
  return environment;
}

std::string fault_of(const base::Environment& environment,
                     std::optional<std::string_view> json = std::nullopt) {
  const auto settings = parse_settings(environment, json);
  return settings ? "" : settings.error().message;
}

struct BadValue {
  const char* name;
  const char* value;
};
class BadValueTest : public testing::TestWithParam<BadValue> {};
class BadFileTest : public testing::TestWithParam<const char*> {};

}  // namespace

TEST(SettingsTest, DefaultsStandWithoutAnySetting) {
  const auto settings = parse_settings(with({{"PATH", "/bin"}, {"SHELL", "/bin/sh"}}), std::nullopt);
  ASSERT_TRUE(settings.ok());
  EXPECT_EQ(settings->command, std::nullopt);
  EXPECT_EQ(settings->answer_fd, 1);
  EXPECT_EQ(settings->invoke_mode, runtime::InvokeMode::buffered);
  EXPECT_EQ(settings->content_type, "application/json");
  EXPECT_TRUE(settings->error_stderr);
  EXPECT_FALSE(settings->keep_runtime_api);
  EXPECT_FALSE(settings->own_tmpdir);
}

TEST(SettingsTest, EveryVariableIsRead) {
  const auto settings = parse_settings(with({{"SHELLSTRAP_COMMAND", "jq -r '.a b'"},
                                             {"SHELLSTRAP_RESPONSE", "fd:9"},
                                             {"SHELLSTRAP_CONTENT_TYPE", "text/plain"},
                                             {"SHELLSTRAP_ERROR_STDERR", "Off"},
                                             {"SHELLSTRAP_KEEP_RUNTIME_API", "1"},
                                             {"SHELLSTRAP_DEADLINE_MARGIN_MS", "0"},
                                             {"SHELLSTRAP_TIMEOUT_MS", "1500"},
                                             {"SHELLSTRAP_TMPDIR", "per-invocation"},
                                             {"AWS_LAMBDA_LOG_FORMAT", "JSON"},
                                             {"AWS_LAMBDA_LOG_LEVEL", "debug"}}),
                                       std::nullopt);
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  EXPECT_EQ(*settings->command, (std::vector<std::string>{"jq", "-r", ".a b"}));
  EXPECT_EQ(settings->answer_fd, 9);
  EXPECT_EQ(settings->content_type, "text/plain");
  EXPECT_FALSE(settings->error_stderr);
  EXPECT_TRUE(settings->keep_runtime_api);
  EXPECT_EQ(settings->deadline_margin, 0ms);
  EXPECT_EQ(settings->timeout, 1500ms);
  EXPECT_TRUE(settings->own_tmpdir);
  EXPECT_EQ(settings->log_format, base::LogFormat::json);
  EXPECT_EQ(settings->log_level, base::LogLevel::debug);
}

TEST(SettingsTest, AnswersMayBeFilesAndProgramsStartElsewhere) {
  const auto own = parse_settings(
      with({{"SHELLSTRAP_RESPONSE", "file:a/b.pdf"}, {"SHELLSTRAP_DIRECTORY", "per-invocation"}}), {});
  ASSERT_TRUE(own.ok()) << own.error().message;
  EXPECT_EQ(own->answer_fd, 0);
  EXPECT_EQ(own->answer_file, "a/b.pdf");
  EXPECT_TRUE(own->own_directory);
  EXPECT_EQ(own->directory, "");
  const auto named = parse_settings(with({{"SHELLSTRAP_DIRECTORY", "site"}}), {});
  EXPECT_EQ(named->directory, "site");
  EXPECT_FALSE(named->own_directory);
}

TEST(SettingsTest, StreamedAnswersHaveAContentTypeOfTheirOwn) {
  const auto settings = parse_settings(with({{"SHELLSTRAP_INVOKE_MODE", "stream"}}), std::nullopt);
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  EXPECT_EQ(settings->invoke_mode, runtime::InvokeMode::stream);
  EXPECT_EQ(settings->content_type, "application/octet-stream");
  const auto chosen = parse_settings(
      with({{"SHELLSTRAP_INVOKE_MODE", "stream"}, {"SHELLSTRAP_CONTENT_TYPE", "text/plain"}}), std::nullopt);
  EXPECT_EQ(chosen->content_type, "text/plain");
}

TEST(SettingsTest, TheFileTakesPlainJsonAndTheEnvironmentWins) {
  const auto file =
      R"({"command": ["cat", "-n"], "timeout_ms": 200, "error_stderr": false, "response": "stderr"})";
  const auto settings =
      parse_settings(with({{"SHELLSTRAP_TIMEOUT_MS", "900"}, {"SHELLSTRAP_RESPONSE", ""}}), file);
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  EXPECT_EQ(*settings->command, (std::vector<std::string>{"cat", "-n"}));
  EXPECT_EQ(settings->timeout, 900ms);
  EXPECT_FALSE(settings->error_stderr);
  EXPECT_EQ(settings->answer_fd, 2);
}

TEST(SettingsTest, AnUnknownNameIsNamedWithTheKnownOnes) {
  const auto fault = fault_of(with({{"SHELLSTRAP_TIMEUOT_MS", "5"}}));
  EXPECT_NE(fault.find("SHELLSTRAP_TIMEUOT_MS"), std::string::npos);
  EXPECT_NE(fault.find("SHELLSTRAP_TIMEOUT_MS"), std::string::npos);
  EXPECT_NE(fault_of(with({{"SHELLSTRAP_", "5"}})), "");
  EXPECT_NE(fault_of(with({{"SHELLSTRAP_OTHER", ""}})), "");
}

TEST(SettingsTest, HooksAreWordsAsACommandIs) {
  const auto settings = parse_settings(with({{"SHELLSTRAP_INIT", "fetch 'a b' $c"},
                                             {"SHELLSTRAP_SHUTDOWN", R"(["bye", ""])"},
                                             {"SHELLSTRAP_BEFORE_SNAPSHOT", "function.before"},
                                             {"SHELLSTRAP_EXTENSION", "on"},
                                             {"AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start"}}),
                                       R"({"after_restore": ["wake", "up"]})");
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  EXPECT_EQ(settings->hooks.init, (std::vector<std::string>{"fetch", "a b", "$c"}));
  EXPECT_EQ(settings->hooks.shutdown, (std::vector<std::string>{"bye", ""}));
  EXPECT_EQ(settings->hooks.before_snapshot, std::vector<std::string>{"function.before"});
  EXPECT_EQ(settings->hooks.after_restore, (std::vector<std::string>{"wake", "up"}));
  EXPECT_TRUE(settings->extension);
  EXPECT_TRUE(settings->snapshot);
  EXPECT_FALSE(parse_settings(with({{"AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"}}), {})->snapshot);
  EXPECT_NE(fault_of(with({{"SHELLSTRAP_INIT", "'open"}})).find("SHELLSTRAP_INIT must be a command"),
            std::string::npos);
}

TEST(SettingsTest, UnknownWordsOfTheServiceAreNotTheUsersFault) {
  EXPECT_TRUE(
      parse_settings(with({{"AWS_LAMBDA_LOG_LEVEL", "LOUD"}, {"AWS_LAMBDA_LOG_FORMAT", "XML"}}), {}).ok());
}

TEST(SettingsTest, BatchesHaveASourceAnInputAndANumberOfLanes) {
  const auto settings = parse_settings(with({{"SHELLSTRAP_BATCH", "kafka"},
                                             {"SHELLSTRAP_BATCH_STDIN", "record"},
                                             {"SHELLSTRAP_BATCH_PARALLEL", "64"}}),
                                       std::nullopt);
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  EXPECT_EQ(settings->batch, event::BatchSource::kafka);
  EXPECT_TRUE(settings->batch_reads_record);
  EXPECT_EQ(settings->batch_parallel, 64);
  const auto plain = parse_settings(with({{"SHELLSTRAP_BATCH", "sqs"}}), std::nullopt);
  EXPECT_EQ(plain->batch, event::BatchSource::sqs);
  EXPECT_FALSE(plain->batch_reads_record);
  EXPECT_EQ(plain->batch_parallel, 1);
}

TEST(SettingsTest, StatusesOfSuccessAreListsAndRanges) {
  const auto statuses = [](const char* value, std::optional<std::string_view> json = std::nullopt) {
    const auto settings = parse_settings(with({{"SHELLSTRAP_SUCCESS", value}}), json);
    return settings ? settings->success.to_ullong() : 0;
  };
  EXPECT_EQ(statuses(""), 0b1U);
  EXPECT_EQ(statuses("0,1"), 0b11U);
  EXPECT_EQ(statuses("0-2, 5"), 0b100111U);
  EXPECT_EQ(statuses("1"), 0b10U);
  EXPECT_EQ(statuses("", R"({"success": [0, "2-3"]})"), 0b1101U);
  EXPECT_EQ(statuses("", R"({"success": 4})"), 0b10000U);
  EXPECT_TRUE(parse_settings(with({{"SHELLSTRAP_SUCCESS", "0-255"}}), {})->success.all());
}

TEST(SettingsTest, StandardInputIsTheEventOrAPartOfItOrNothing) {
  const auto input = [](const char* value) {
    return parse_settings(with({{"SHELLSTRAP_STDIN", value}}), {})->input;
  };
  EXPECT_TRUE(std::holds_alternative<handler::EventInput>(input("")));
  EXPECT_TRUE(std::holds_alternative<handler::EventInput>(input("event")));
  EXPECT_TRUE(std::holds_alternative<handler::NoInput>(input("none")));
  EXPECT_EQ(std::get<handler::Placeholder>(input("{/a/b:-c}")).pointer.text(), "/a/b");
}

TEST_P(BadValueTest, IsNamedWithItsValue) {
  const auto fault = fault_of(with({{GetParam().name, GetParam().value}}));
  EXPECT_NE(fault.find(GetParam().name), std::string::npos);
  EXPECT_NE(fault.find(GetParam().value), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadValueTest,
    testing::Values(
        BadValue{"SHELLSTRAP_COMMAND", "'open"}, BadValue{"SHELLSTRAP_COMMAND", "[1]"},
        BadValue{"SHELLSTRAP_RESPONSE", "fd:2"}, BadValue{"SHELLSTRAP_RESPONSE", "fd:10"},
        BadValue{"SHELLSTRAP_RESPONSE", "STDOUT "}, BadValue{"SHELLSTRAP_RESPONSE", "file:"},
        BadValue{"SHELLSTRAP_RESPONSE", "file:/a"}, BadValue{"SHELLSTRAP_RESPONSE", "file:../a"},
        BadValue{"SHELLSTRAP_RESPONSE", "file:a//b"}, BadValue{"SHELLSTRAP_RESPONSE", "file:a/./b"},
        BadValue{"SHELLSTRAP_RESPONSE", "file:a/"}, BadValue{"SHELLSTRAP_ERROR_STDERR", "maybe"},
        BadValue{"SHELLSTRAP_KEEP_RUNTIME_API", "2"}, BadValue{"SHELLSTRAP_INVOKE_MODE", "Stream"},
        BadValue{"SHELLSTRAP_DEADLINE_MARGIN_MS", "-1"}, BadValue{"SHELLSTRAP_DEADLINE_MARGIN_MS", "1s"},
        BadValue{"SHELLSTRAP_TIMEOUT_MS", "0"}, BadValue{"SHELLSTRAP_TIMEOUT_MS", "99999999999999999999"},
        BadValue{"SHELLSTRAP_TIMEOUT_MS", "1e3"}, BadValue{"SHELLSTRAP_SUCCESS", "0,"},
        BadValue{"SHELLSTRAP_STDIN", "body"}, BadValue{"SHELLSTRAP_STDIN", "{/a"},
        BadValue{"SHELLSTRAP_STDIN", "{/a}{/b}"}, BadValue{"SHELLSTRAP_STDIN", "{@/a}"},
        BadValue{"SHELLSTRAP_STDIN", "{/a...}"}, BadValue{"SHELLSTRAP_STDIN", "{/a!}"},
        BadValue{"SHELLSTRAP_SUCCESS", "256"}, BadValue{"SHELLSTRAP_SUCCESS", "2-1"},
        BadValue{"SHELLSTRAP_SUCCESS", "-1"}, BadValue{"SHELLSTRAP_SUCCESS", "1-"},
        BadValue{"SHELLSTRAP_SUCCESS", "ok"}, BadValue{"SHELLSTRAP_SUCCESS", "0 1"},
        BadValue{"SHELLSTRAP_BATCH", "sns"}, BadValue{"SHELLSTRAP_BATCH_STDIN", "event"},
        BadValue{"SHELLSTRAP_BATCH_PARALLEL", "0"}, BadValue{"SHELLSTRAP_BATCH_PARALLEL", "65"},
        BadValue{"SHELLSTRAP_BATCH_PARALLEL", "2x"}, BadValue{"SHELLSTRAP_TMPDIR", "/tmp"},
        BadValue{"SHELLSTRAP_CONTENT_TYPE", "text/plain\r\nX: y"}));

TEST_P(BadFileTest, NamesTheFile) {
  EXPECT_NE(fault_of({}, GetParam()).find("shellstrap.json"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Table, BadFileTest,
                         testing::Values("", "[]", "{", "{\"unknown\": 1}", "{\"COMMAND\": \"cat\"}",
                                         "{\"timeout_ms\": null}", "{\"timeout_ms\": {\"a\": 1}}",
                                         "{\"timeout_ms\": 1.5}", "{\"command\": [1]}", "{\"response\": 3}"));

TEST(SettingsTest, TheLogsSettingsAreRead) {
  const auto settings = parse_settings(with({{"SHELLSTRAP_LOG_PREFIX", "on"},
                                             {"SHELLSTRAP_METRICS", "emf"},
                                             {"AWS_LAMBDA_LOG_LEVEL", "WARN"},
                                             {"AWS_LAMBDA_FUNCTION_NAME", "shop"}}),
                                       std::nullopt);
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  EXPECT_TRUE(settings->log_prefix);
  EXPECT_TRUE(settings->metrics);
  EXPECT_EQ(settings->log_level, base::LogLevel::warn);
  EXPECT_EQ(settings->handler_log_level, base::LogLevel::warn);
  EXPECT_EQ(settings->function_name, "shop");
}

TEST(SettingsTest, ALevelThatIsNotSetHidesNothingOfAHandler) {
  const auto settings = parse_settings(with({}), std::nullopt);
  EXPECT_EQ(settings->log_level, base::LogLevel::info);
  EXPECT_EQ(settings->handler_log_level, base::LogLevel::trace);
}

TEST(SettingsTest, MetricsAreOffOrEmf) {
  EXPECT_NE(fault_of(with({{"SHELLSTRAP_METRICS", "on"}})).find("off or emf"), std::string::npos);
  EXPECT_EQ(fault_of(with({{"SHELLSTRAP_METRICS", "off"}})), "");
}
