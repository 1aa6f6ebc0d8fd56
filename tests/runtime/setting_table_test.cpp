// SPDX-License-Identifier: Apache-2.0
#include "handler/spec/setting_table.h"

#include "base/text/text.h"
#include "runtime/settings/settings.h"
#include "support/paths.h"

#include <fstream>
#include <iterator>
#include <regex>
#include <string>

#include <gtest/gtest.h>

namespace {

using handler::Setting;
using handler::SettingForm;

std::string variable_of(const Setting& setting) {
  return "SHELLSTRAP_" + std::string(setting.name);
}

/// Whether the bootstrap takes the value, as far as this setting alone is concerned.
bool is_taken(const Setting& setting, const std::string& value) {
  base::Environment environment;
  environment.set(variable_of(setting).c_str(), value.c_str());
  const auto settings = runtime::parse_settings(environment, std::nullopt);
  return settings.ok() || settings.error().message.find(" must be ") == std::string::npos;
}

/// As the table says.
bool is_in_table(const Setting& setting, const std::string& value) {
  if (setting.form == SettingForm::pattern)
    return std::regex_match(value, std::regex(std::string(setting.values)));
  if (setting.form == SettingForm::choice)
    return ("|" + std::string(setting.values) + "|").find("|" + value + "|") != std::string::npos;
  if (setting.form == SettingForm::flag)
    return std::regex_match(value, std::regex("on|off|true|false|0|1", std::regex::icase));
  return std::regex_match(value, std::regex("[0-9]+")) && std::stol(value) >= setting.lowest &&
         std::stol(value) <= setting.highest;
}

bool is_closed(const Setting& setting) {
  return setting.form != SettingForm::command && setting.form != SettingForm::statuses &&
         setting.form != SettingForm::text;
}

// What some setting takes, and what is near it.
constexpr const char* kValues[] = {"on",
                                   "On",
                                   "off",
                                   "true",
                                   "FALSE",
                                   "0",
                                   "1",
                                   "2",
                                   "-1",
                                   "64",
                                   "65",
                                   "5400000",
                                   "5400001",
                                   "1.5",
                                   "sqs",
                                   "SQS",
                                   "kinesis",
                                   "dynamodb",
                                   "kafka",
                                   "body",
                                   "record",
                                   "buffered",
                                   "stream",
                                   "end",
                                   "keep",
                                   "emf",
                                   "raw",
                                   "json",
                                   "text",
                                   "base64",
                                   "cgi",
                                   "result",
                                   "shared",
                                   "stdout",
                                   "stderr",
                                   "memory",
                                   "per-invocation",
                                   "fd:2",
                                   "fd:3",
                                   "fd:9",
                                   "fd:10",
                                   "file:a",
                                   "file:",
                                   "file:..",
                                   "file:a/../b",
                                   "file:a/b.c",
                                   "file:/a",
                                   "file:.a",
                                   "file:a//",
                                   "/app",
                                   "/app/",
                                   "/",
                                   "app",
                                   "/a//b",
                                   "/a/b/c",
                                   "header:",
                                   "header:X",
                                   "header:X-",
                                   "event",
                                   "none",
                                   "{/body}",
                                   "header: X",
                                   "{}",
                                   "events",
                                   "file:...",
                                   "file:a/.",
                                   "/app//",
                                   "on ",
                                   " on"};

TEST(SettingTableTest, SaysOfEveryValueWhatTheBootstrapSays) {
  for (const auto& setting : handler::kSettings) {
    if (!is_closed(setting)) continue;
    for (const std::string value : kValues)
      EXPECT_EQ(is_in_table(setting, value), is_taken(setting, value))
          << variable_of(setting) << "=" << value;
  }
}

TEST(SettingTableTest, EverySettingStandsInTheReadme) {
  std::ifstream file(support::source_dir() + "/README.md");
  const std::string readme{std::istreambuf_iterator<char>(file), {}};
  for (const auto& setting : handler::kSettings)
    EXPECT_NE(readme.find("`" + variable_of(setting) + "`"), std::string::npos) << variable_of(setting);
}

TEST(SettingTableTest, AMistypedSettingIsToldWithTheOneThatWasMeant) {
  base::Environment environment;
  environment.set("SHELLSTRAP_REPSONSE", "stderr");
  const auto settings = runtime::parse_settings(environment, std::nullopt);
  ASSERT_FALSE(settings.ok());
  EXPECT_NE(settings.error().message.find("SHELLSTRAP_REPSONSE. Did you mean SHELLSTRAP_RESPONSE?"),
            std::string::npos)
      << settings.error().message;
  const auto in_file = runtime::parse_settings(base::Environment(), R"({"sdtin": "none"})");
  ASSERT_FALSE(in_file.ok());
  EXPECT_NE(in_file.error().message.find("Did you mean \"stdin\"?"), std::string::npos)
      << in_file.error().message;
}

}  // namespace
