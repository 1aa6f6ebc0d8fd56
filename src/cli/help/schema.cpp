// SPDX-License-Identifier: Apache-2.0
#include "cli/help/schema.h"

#include "base/io/memory_file.h"
#include "base/text/text.h"
#include "cli/line/verb_line.h"
#include "handler/spec/setting_table.h"

#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <nlohmann/json.hpp>

namespace cli {
namespace {

using handler::Setting;
using handler::SettingForm;
using Json = nlohmann::ordered_json;

// clang-format off: lines as they are printed
constexpr auto kDescription =
    "Prints the JSON schema of shellstrap.json, by which editors complete and check it (draft-07).\n";

constexpr auto kEpilogue =
    "Examples:\n"
    "  shellstrap schema > shellstrap.schema.json\n"
    "  check-jsonschema --schemafile shellstrap.schema.json shellstrap.json";
// clang-format on

Json text_like(const std::string& pattern) {
  return {{"type", "string"}, {"pattern", "^(" + pattern + ")?$"}};
}

Json any_of(Json one, Json other) {
  return {{"anyOf", Json::array({std::move(one), std::move(other)})}};
}

/// A regular expression for a word without regard to case: "[oO][nN]".
std::string in_any_case(std::string_view word) {
  std::string pattern;
  for (const char c : word) {
    const std::string letter(1, c);
    pattern += "[" + base::ascii_lower(letter) + base::ascii_upper(letter) + "]";
  }
  return pattern;
}

Json flag() {
  std::string pattern = "0|1";
  for (const auto* word : {"on", "off", "true", "false"}) pattern += "|" + in_any_case(word);
  return any_of({{"type", "boolean"}}, any_of({{"enum", {0, 1}}}, text_like(pattern)));
}

Json number(const Setting& setting) {
  return any_of({{"type", "integer"}, {"minimum", setting.lowest}, {"maximum", setting.highest}},
                text_like("[0-9]+"));
}

Json choice(const Setting& setting) {
  Json values = Json::array();
  for (const auto value : base::split(setting.values, '|')) values.push_back(value);
  values.push_back("");
  return {{"enum", std::move(values)}};
}

Json command() {
  return any_of({{"type", "string"}}, {{"type", "array"}, {"items", {{"type", "string"}}}, {"minItems", 1}});
}

Json statuses() {
  const std::string range = " *[0-9]{1,3}(-[0-9]{1,3})? *";
  const Json status = {{"type", "integer"}, {"minimum", 0}, {"maximum", 255}};
  const Json text = text_like(range + "(," + range + ")*");
  const Json list = {{"type", "array"}, {"items", any_of(status, text)}, {"minItems", 1}};
  return any_of(status, any_of(text, list));
}

Json form_of(const Setting& setting) {
  switch (setting.form) {
    case SettingForm::flag:
      return flag();
    case SettingForm::command:
      return command();
    case SettingForm::number:
      return number(setting);
    case SettingForm::choice:
      return choice(setting);
    case SettingForm::pattern:
      return text_like(std::string(setting.values));
    case SettingForm::statuses:
      return statuses();
    case SettingForm::text:
      break;
  }
  return {{"type", "string"}};
}

Json property(const Setting& setting) {
  auto text = std::string(setting.summary);
  if (!setting.fallback.empty()) text += " Default: " + std::string(setting.fallback) + ".";
  Json described = {{"description", text}};
  described.update(form_of(setting));
  return described;
}

void describe(CLI::App& app) {
  app.set_help_flag("-h,--help", "this text");
  app.footer(kEpilogue);
}

}  // namespace

std::string settings_schema() {
  // "$schema" is no key: the bootstrap refuses what it does not know.
  Json properties = Json::object();
  for (const auto& setting : handler::kSettings)
    properties[base::ascii_lower(setting.name)] = property(setting);
  const Json all = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                    {"$id", "https://json.schemastore.org/shellstrap.json"},
                    {"title", "shellstrap.json"},
                    {"description", "Settings of a function that shellstrap runs"},
                    {"type", "object"},
                    {"additionalProperties", false},
                    {"properties", std::move(properties)}};
  return all.dump(2) + "\n";
}

int schema(const Arguments& arguments, const Context& /*context*/) {
  CLI::App app(kDescription, "shellstrap schema");
  describe(app);
  if (const auto status = parse_verb_line(app, arguments)) return *status;
  [[maybe_unused]] const auto given_up = base::write_all(STDOUT_FILENO, settings_schema());
  return kSuccess;
}

void show_schema_line(const LineReader& read) {
  CLI::App app(kDescription, "shellstrap schema");
  describe(app);
  read(app);
}

}  // namespace cli
