// SPDX-License-Identifier: Apache-2.0
#include "runtime/settings/settings.h"

#include "base/text/nearest.h"
#include "base/text/text.h"
#include "event/json/json_check.h"
#include "handler/spec/setting_table.h"
#include "runtime/settings/combinations.h"
#include "runtime/settings/setting_values.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <nlohmann/json.hpp>

namespace runtime {
namespace {

constexpr std::string_view kPrefix = "SHELLSTRAP_";

// The service's default is 16 for a virtual CPU, and no instance has more than 64 of those.
constexpr int kMostWorkers = 1024;

struct Row {
  std::string_view name;  ///< behind the prefix
  SettingFault (*set)(Settings&, std::string_view value);
};

constexpr std::array kTable = {
    Row{"AFTER_RESTORE", [](Settings& s, std::string_view v) { return set_words(s.hooks.after_restore, v); }},
    Row{"BATCH", set_batch},
    Row{"BATCH_PARALLEL", set_batch_parallel},
    Row{"BATCH_STDIN", set_batch_stdin},
    Row{"BEFORE_SNAPSHOT",
        [](Settings& s, std::string_view v) { return set_words(s.hooks.before_snapshot, v); }},
    Row{"CGI_AUTHORIZATION", set_cgi_authorization},
    Row{"CGI_BASE_PATH", set_cgi_base_path},
    Row{"COMMAND", set_command},
    Row{"CONTENT_TYPE", set_content_type},
    Row{"DEADLINE_MARGIN_MS",
        [](Settings& s, std::string_view v) { return set_milliseconds(s.deadline_margin, v, 0); }},
    Row{"DIRECTORY", set_directory},
    Row{"ERROR_STDERR", [](Settings& s, std::string_view v) { return set_flag(s.error_stderr, v); }},
    Row{"EXTENSION", [](Settings& s, std::string_view v) { return set_flag(s.extension, v); }},
    Row{"INIT", [](Settings& s, std::string_view v) { return set_words(s.hooks.init, v); }},
    Row{"INVOKE_MODE", set_invoke_mode},
    Row{"KEEP_RUNTIME_API", [](Settings& s, std::string_view v) { return set_flag(s.keep_runtime_api, v); }},
    Row{"LEFTOVERS", set_leftovers},
    Row{"LOG_PREFIX", [](Settings& s, std::string_view v) { return set_flag(s.log_prefix, v); }},
    Row{"METRICS", set_metrics},
    Row{"RESPONSE", set_response},
    Row{"RESPONSE_FORMAT", set_response_format},
    Row{"SHELL_OPTIONS", set_shell_options},
    Row{"SHUTDOWN", [](Settings& s, std::string_view v) { return set_words(s.hooks.shutdown, v); }},
    Row{"STDIN", set_stdin},
    Row{"SUCCESS", set_success},
    Row{"TIMEOUT_MS", [](Settings& s, std::string_view v) { return set_milliseconds(s.timeout, v, 1); }},
    Row{"TMPDIR", set_tmpdir},
    Row{"XRAY", [](Settings& s, std::string_view v) { return set_flag(s.xray, v); }},
};

static_assert(std::ranges::equal(kTable, handler::kSettings, {}, &Row::name, &handler::Setting::name),
              "what is read here and what is told of it have the same names in the same order");

std::string known_names() {
  std::vector<std::string> names;
  for (const auto& row : kTable) names.push_back(std::string(kPrefix) + std::string(row.name));
  return base::join(names, ", ");
}

/// "Did you mean SHELLSTRAP_STDIN?", or of a key "stdin".
std::string meant_setting(std::string_view name, bool is_key) {
  std::vector<std::string_view> names;
  for (const auto& row : kTable) names.push_back(row.name);
  const auto near = base::nearest(name, names);
  if (near.empty()) return "";
  return " Did you mean " +
         (is_key ? "\"" + base::ascii_lower(near) + "\"" : std::string(kPrefix) + std::string(near)) + "?";
}

/// `shown`: the name as the user wrote it. An empty value is as good as none.
base::Status apply(Settings& settings, std::string_view name, const std::string& shown,
                   std::string_view value) {
  for (const auto& row : kTable) {
    if (row.name != name) continue;
    const SettingFault fault = value.empty() ? std::nullopt : row.set(settings, value);
    if (!fault) return base::Done{};
    return base::Error{shown + " must be " + *fault + ", not \"" + std::string(value.substr(0, 100)) + "\"."};
  }
  return base::Error{"unknown setting " + shown + "." + meant_setting(name, shown.starts_with('"')) +
                     " Known are " + known_names() + " and, in lower case without " + std::string(kPrefix) +
                     ", the same as keys of shellstrap.json."};
}

base::Result<std::string> text_of(const nlohmann::json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean() || value.is_number() || value.is_array()) return value.dump();
  return base::Error{"must be a string, a number, true, false or an array"};
}

base::Status apply_json_entry(Settings& settings, const std::string& key, const nlohmann::json& value) {
  const std::string shown = "\"" + key + "\" in shellstrap.json";
  if (key != base::ascii_lower(key))
    return base::Error{"unknown setting " + shown + ": keys are in lower case."};
  const auto text = text_of(value);
  if (!text) return base::Error{shown + " " + text.error().message + "."};
  return apply(settings, base::ascii_upper(key), shown, *text);
}

base::Status apply_json(Settings& settings, std::string_view text) {
  if (const auto fault = event::json_fault(text))
    return base::Error{"shellstrap.json is not JSON: " + *fault + "."};
  const auto file = nlohmann::json::parse(text, nullptr, false);
  if (!file.is_object()) return base::Error{"shellstrap.json must hold one JSON object."};
  for (const auto& [key, value] : file.items())
    if (auto applied = apply_json_entry(settings, key, value); !applied) return applied;
  return base::Done{};
}

base::Status apply_environment(Settings& settings, const base::Environment& environment) {
  for (const std::string& entry : environment.strings()) {
    if (!entry.starts_with(kPrefix)) continue;
    const auto equals = entry.find('=');
    const std::string name = entry.substr(0, equals);
    const auto value = std::string_view(entry).substr(equals + 1);
    auto applied = apply(settings, std::string_view(name).substr(kPrefix.size()), name, value);
    if (!applied) return applied;
  }
  return base::Done{};
}

// The service sets these two itself and adds words to them over time: an unknown one is not the user's fault.
void apply_log_settings(Settings& settings, const base::Environment& environment) {
  const auto format = base::parse_log_format(environment.get("AWS_LAMBDA_LOG_FORMAT").value_or(""));
  const auto level = base::parse_log_level(environment.get("AWS_LAMBDA_LOG_LEVEL").value_or(""));
  settings.log_format = format.value_or(settings.log_format);
  settings.log_level = level.value_or(settings.log_level);
  settings.handler_log_level = level.value_or(settings.handler_log_level);
  settings.function_name = environment.get_or("AWS_LAMBDA_FUNCTION_NAME", "");
}

// Set by the service where it sends several events at a time to one environment, and nowhere else.
void apply_concurrency(Settings& settings, const base::Environment& environment) {
  const auto found = environment.get("AWS_LAMBDA_MAX_CONCURRENCY");
  settings.managed_instance = found.has_value();
  const auto text = found.value_or("");
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size())
    settings.concurrency = std::clamp(number, 1, kMostWorkers);
}

void apply_initialization_type(Settings& settings, const base::Environment& environment) {
  settings.snapshot = environment.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start";
}

}  // namespace

base::Result<Settings> parse_settings(const base::Environment& environment,
                                      std::optional<std::string_view> json) {
  Settings settings;
  if (json)
    if (auto applied = apply_json(settings, *json); !applied) return applied.error();
  if (auto applied = apply_environment(settings, environment); !applied) return applied.error();
  if (auto checked = check_combination(settings); !checked) return checked.error();
  complete_content_types(settings);
  apply_log_settings(settings, environment);
  apply_concurrency(settings, environment);
  apply_initialization_type(settings, environment);
  return settings;
}

}  // namespace runtime
