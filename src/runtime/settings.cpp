// SPDX-License-Identifier: Apache-2.0
#include "runtime/settings.h"

#include "base/text.h"
#include "handler/shell_options.h"
#include "handler/shell_words.h"
#include "runtime/combinations.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <nlohmann/json.hpp>

namespace runtime {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kPrefix = "SHELLSTRAP_";
// The longest that the service lets a function run is 15 minutes; on managed instances 90.
constexpr long kLongestMs = 90L * 60 * 1000;

// The service's default is 16 for a virtual CPU, and no instance has more than 64 of those.
constexpr int kMostWorkers = 1024;

// Each lane of shell functions is a shell of its own.
constexpr int kMostLanes = 64;

/// What is wrong with a value, as the end of the sentence "NAME must be …".
using Fault = std::optional<std::string>;

Fault set_flag(bool& flag, std::string_view value) {
  const auto word = base::ascii_lower(value);
  if (word == "on" || word == "true" || word == "1")
    flag = true;
  else if (word == "off" || word == "false" || word == "0")
    flag = false;
  else
    return "on or off";
  return std::nullopt;
}

Fault set_milliseconds(std::optional<milliseconds>& target, std::string_view value, long lowest) {
  long number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size() || number < lowest || number > kLongestMs)
    return "a whole number of milliseconds from " + std::to_string(lowest) + " to " +
           std::to_string(kLongestMs);
  target = milliseconds(number);
  return std::nullopt;
}

Fault set_words(std::vector<std::string>& target, std::string_view value) {
  auto words = handler::parse_command(value);
  if (!words) return "a command as a JSON array of strings or as shell words (" + words.error().message + ")";
  target = *std::move(words);
  return std::nullopt;
}

Fault set_command(Settings& settings, std::string_view value) {
  return set_words(settings.command.emplace(), value);
}

Fault set_response(Settings& settings, std::string_view value) {
  const bool is_descriptor =
      value.size() == 4 && value.starts_with("fd:") && value[3] >= '3' && value[3] <= '9';
  if (value == "stdout")
    settings.answer_fd = 1;
  else if (value == "stderr")
    settings.answer_fd = 2;
  else if (is_descriptor)
    settings.answer_fd = value[3] - '0';
  else
    return "stdout, stderr or fd:N with N from 3 to 9";
  return std::nullopt;
}

Fault set_shell_options(Settings& settings, std::string_view value) {
  auto options = handler::parse_shell_options(value);
  if (!options)
    return "options as behind `set -`, for example euo pipefail (" + options.error().message + ")";
  settings.shell_options = *std::move(options);
  return std::nullopt;
}

Fault set_content_type(Settings& settings, std::string_view value) {
  for (const char c : value)
    if (c < ' ' || c > '~') return "printable ASCII, as in text/plain; charset=utf-8";
  settings.content_type = value;
  return std::nullopt;
}

Fault set_invoke_mode(Settings& settings, std::string_view value) {
  if (value != "buffered" && value != "stream") return "buffered or stream";
  settings.invoke_mode = value == "stream" ? InvokeMode::stream : InvokeMode::buffered;
  return std::nullopt;
}

Fault set_response_format(Settings& settings, std::string_view value) {
  constexpr std::array<std::string_view, 6> kFormats = {"raw", "json", "text", "base64", "cgi", "result"};
  const auto found = std::find(kFormats.begin(), kFormats.end(), value);
  if (found == kFormats.end()) return "raw, json, text, base64, cgi or result";
  settings.response_format = static_cast<ResponseFormat>(found - kFormats.begin());
  return std::nullopt;
}

Fault set_cgi_base_path(Settings& settings, std::string_view value) {
  while (value.size() > 1 && value.ends_with('/')) value.remove_suffix(1);
  const bool is_path = value.size() > 1 && value[0] == '/' && value.find("//") == std::string_view::npos;
  if (!is_path) return "a path as in /app";
  settings.cgi.base_path = value;
  return std::nullopt;
}

Fault set_cgi_authorization(Settings& settings, std::string_view value) {
  constexpr std::string_view kOther = "header:";
  constexpr std::string_view kName = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-";
  const auto name = value.starts_with(kOther) ? value.substr(kOther.size()) : std::string_view();
  if (value == "off")
    settings.cgi.authorization_from.clear();
  else if (value == "on")
    settings.cgi.authorization_from = "Authorization";
  else if (!name.empty() && name.find_first_not_of(kName) == std::string_view::npos)
    settings.cgi.authorization_from = name;
  else
    return "off, on or header:NAME";
  return std::nullopt;
}

Fault set_leftovers(Settings& settings, std::string_view value) {
  if (value != "end" && value != "keep") return "end or keep";
  settings.leftovers = value == "keep" ? handler::Leftovers::keep : handler::Leftovers::end;
  return std::nullopt;
}

Fault set_tmpdir(Settings& settings, std::string_view value) {
  if (value != "shared" && value != "per-invocation") return "shared or per-invocation";
  settings.own_tmpdir = value == "per-invocation";
  return std::nullopt;
}

Fault set_stdin(Settings& settings, std::string_view value) {
  auto input = handler::parse_input(value);
  if (!input) return "event, none or a place in the event, as in {/body} (" + input.error().message + ")";
  settings.input = *std::move(input);
  return std::nullopt;
}

std::optional<std::size_t> status_of(std::string_view text) {
  std::size_t status = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), status);
  if (error != std::errc() || end != text.data() + text.size() || status > 255) return std::nullopt;
  return status;
}

/// [0, "2-4"] as 0,2-4.
std::string list_of(std::string_view array) {
  const auto parsed = nlohmann::json::parse(array, nullptr, false);
  if (!parsed.is_array()) return std::string(array);
  std::vector<std::string> parts;
  for (const auto& part : parsed) parts.push_back(part.is_string() ? part.get<std::string>() : part.dump());
  return base::join(parts, ",");
}

/// A number or FIRST-LAST.
bool add_statuses(std::bitset<256>& statuses, std::string_view range) {
  const auto dash = range.find('-');
  const auto first = status_of(range.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : status_of(range.substr(dash + 1));
  if (!first || !last || *first > *last) return false;
  for (auto status = *first; status <= *last; ++status) statuses.set(status);
  return true;
}

Fault set_success(Settings& settings, std::string_view value) {
  std::bitset<256> statuses;
  const auto list = value.starts_with('[') ? list_of(value) : std::string(value);
  for (const auto range : base::split(list, ','))
    if (!add_statuses(statuses, base::trim(range))) return "exit statuses from 0 to 255, as in 0,1 or 0-2,5";
  settings.success = statuses;
  return std::nullopt;
}

Fault set_batch(Settings& settings, std::string_view value) {
  constexpr std::array<std::string_view, 4> kSources = {"sqs", "kinesis", "dynamodb", "kafka"};
  const auto found = std::find(kSources.begin(), kSources.end(), value);
  if (found == kSources.end()) return "sqs, kinesis, dynamodb or kafka";
  settings.batch = static_cast<event::BatchSource>(found - kSources.begin());
  return std::nullopt;
}

Fault set_batch_stdin(Settings& settings, std::string_view value) {
  if (value != "body" && value != "record") return "body or record";
  settings.batch_reads_record = value == "record";
  return std::nullopt;
}

Fault set_batch_parallel(Settings& settings, std::string_view value) {
  int number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size() || number < 1 || number > kMostLanes)
    return "a whole number from 1 to " + std::to_string(kMostLanes);
  settings.batch_parallel = number;
  return std::nullopt;
}

Fault set_metrics(Settings& settings, std::string_view value) {
  if (value != "emf" && value != "off") return "off or emf";
  settings.metrics = value == "emf";
  return std::nullopt;
}

struct Row {
  std::string_view name;  ///< behind the prefix
  Fault (*set)(Settings&, std::string_view value);
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

std::string known_names() {
  std::vector<std::string> names;
  for (const auto& row : kTable) names.push_back(std::string(kPrefix) + std::string(row.name));
  return base::join(names, ", ");
}

/// `shown`: the name as the user wrote it. An empty value is as good as none.
base::Status apply(Settings& settings, std::string_view name, const std::string& shown,
                   std::string_view value) {
  for (const auto& row : kTable) {
    if (row.name != name) continue;
    const Fault fault = value.empty() ? std::nullopt : row.set(settings, value);
    if (!fault) return base::Done{};
    return base::Error{shown + " must be " + *fault + ", not \"" + std::string(value.substr(0, 100)) + "\"."};
  }
  return base::Error{"unknown setting " + shown + ". Known are " + known_names() +
                     " and, in lower case without " + std::string(kPrefix) +
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

base::Status apply_json(Settings& settings, std::string_view text) try {
  const auto file = nlohmann::json::parse(text);
  if (!file.is_object()) return base::Error{"shellstrap.json must hold one JSON object."};
  for (const auto& [key, value] : file.items())
    if (auto applied = apply_json_entry(settings, key, value); !applied) return applied;
  return base::Done{};
} catch (const nlohmann::json::exception& fault) {
  return base::Error{std::string("shellstrap.json is not valid JSON: ") + fault.what()};
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
