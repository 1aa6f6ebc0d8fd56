// SPDX-License-Identifier: Apache-2.0
#include "runtime/settings/setting_values.h"

#include "base/text/text.h"
#include "handler/shell/shell_options.h"
#include "handler/shell/shell_words.h"
#include "handler/spec/setting_table.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <nlohmann/json.hpp>

namespace runtime {
namespace {

using std::chrono::milliseconds;

using handler::kLongestMs;
using handler::kMostLanes;

std::optional<std::size_t> status_of(std::string_view text) {
  std::size_t status = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), status);
  if (error != std::errc() || end != text.data() + text.size() || status > 255) return std::nullopt;
  return status;
}

/// A file below a folder, whatever is there.
bool leads_down(std::string_view path) {
  const auto names = base::split(path, '/');
  return std::none_of(names.begin(), names.end(), [](std::string_view name) {
    return name.empty() || name == "." || name == ".." || name.find('\0') != std::string_view::npos;
  });
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

}  // namespace

SettingFault set_flag(bool& flag, std::string_view value) {
  const auto word = base::ascii_lower(value);
  if (word == "on" || word == "true" || word == "1")
    flag = true;
  else if (word == "off" || word == "false" || word == "0")
    flag = false;
  else
    return "on or off";
  return std::nullopt;
}

SettingFault set_milliseconds(std::optional<milliseconds>& target, std::string_view value, long lowest) {
  long number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size() || number < lowest || number > kLongestMs)
    return "a whole number of milliseconds from " + std::to_string(lowest) + " to " +
           std::to_string(kLongestMs);
  target = milliseconds(number);
  return std::nullopt;
}

SettingFault set_words(std::vector<std::string>& target, std::string_view value) {
  auto words = handler::parse_command(value);
  if (!words) return "a command as a JSON array of strings or as shell words (" + words.error().message + ")";
  target = *std::move(words);
  return std::nullopt;
}

SettingFault set_command(Settings& settings, std::string_view value) {
  return set_words(settings.command.emplace(), value);
}

SettingFault set_response(Settings& settings, std::string_view value) {
  constexpr std::string_view kFile = "file:";
  const bool is_file = value.starts_with(kFile) && leads_down(value.substr(kFile.size()));
  const bool is_descriptor =
      value.size() == 4 && value.starts_with("fd:") && value[3] >= '3' && value[3] <= '9';
  settings.answer_in_memory = value == "memory";
  settings.answer_file = is_file ? value.substr(kFile.size()) : std::string_view();
  if (is_file)
    settings.answer_fd = 0;
  else if (value == "stdout" || value == "memory")
    settings.answer_fd = 1;
  else if (value == "stderr")
    settings.answer_fd = 2;
  else if (is_descriptor)
    settings.answer_fd = value[3] - '0';
  else
    return "stdout, stderr, memory, fd:N with N from 3 to 9, or file:NAME with the path of a file in the "
           "folder of the call";
  return std::nullopt;
}

SettingFault set_shell_options(Settings& settings, std::string_view value) {
  auto options = handler::parse_shell_options(value);
  if (!options)
    return "options as behind `set -`, for example euo pipefail (" + options.error().message + ")";
  settings.shell_options = *std::move(options);
  return std::nullopt;
}

SettingFault set_content_type(Settings& settings, std::string_view value) {
  for (const char c : value)
    if (c < ' ' || c > '~') return "printable ASCII, as in text/plain; charset=utf-8";
  settings.content_type = value;
  return std::nullopt;
}

SettingFault set_invoke_mode(Settings& settings, std::string_view value) {
  if (value != "buffered" && value != "stream") return "buffered or stream";
  settings.invoke_mode = value == "stream" ? InvokeMode::stream : InvokeMode::buffered;
  return std::nullopt;
}

SettingFault set_response_format(Settings& settings, std::string_view value) {
  constexpr std::array<std::string_view, 6> kFormats = {"raw", "json", "text", "base64", "cgi", "result"};
  const auto found = std::find(kFormats.begin(), kFormats.end(), value);
  if (found == kFormats.end()) return "raw, json, text, base64, cgi or result";
  settings.response_format = static_cast<ResponseFormat>(found - kFormats.begin());
  return std::nullopt;
}

SettingFault set_cgi_base_path(Settings& settings, std::string_view value) {
  while (value.size() > 1 && value.ends_with('/')) value.remove_suffix(1);
  const bool is_path = value.size() > 1 && value[0] == '/' && value.find("//") == std::string_view::npos;
  if (!is_path) return "a path as in /app";
  settings.cgi.base_path = value;
  return std::nullopt;
}

SettingFault set_cgi_authorization(Settings& settings, std::string_view value) {
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

SettingFault set_leftovers(Settings& settings, std::string_view value) {
  if (value != "end" && value != "keep") return "end or keep";
  settings.leftovers = value == "keep" ? handler::Leftovers::keep : handler::Leftovers::end;
  return std::nullopt;
}

SettingFault set_directory(Settings& settings, std::string_view value) {
  settings.own_directory = value == "per-invocation";
  settings.directory = settings.own_directory ? std::string_view() : value;
  return std::nullopt;
}

SettingFault set_tmpdir(Settings& settings, std::string_view value) {
  if (value != "shared" && value != "per-invocation") return "shared or per-invocation";
  settings.own_tmpdir = value == "per-invocation";
  return std::nullopt;
}

SettingFault set_stdin(Settings& settings, std::string_view value) {
  auto input = handler::parse_input(value);
  if (!input) return "event, none or a place in the event, as in {/body} (" + input.error().message + ")";
  settings.input = *std::move(input);
  return std::nullopt;
}

SettingFault set_success(Settings& settings, std::string_view value) {
  std::bitset<256> statuses;
  const auto list = value.starts_with('[') ? list_of(value) : std::string(value);
  for (const auto range : base::split(list, ','))
    if (!add_statuses(statuses, base::trim(range))) return "exit statuses from 0 to 255, as in 0,1 or 0-2,5";
  settings.success = statuses;
  return std::nullopt;
}

SettingFault set_batch(Settings& settings, std::string_view value) {
  constexpr std::array<std::string_view, 4> kSources = {"sqs", "kinesis", "dynamodb", "kafka"};
  const auto found = std::find(kSources.begin(), kSources.end(), value);
  if (found == kSources.end()) return "sqs, kinesis, dynamodb or kafka";
  settings.batch = static_cast<event::BatchSource>(found - kSources.begin());
  return std::nullopt;
}

SettingFault set_batch_stdin(Settings& settings, std::string_view value) {
  if (value != "body" && value != "record") return "body or record";
  settings.batch_reads_record = value == "record";
  return std::nullopt;
}

SettingFault set_batch_parallel(Settings& settings, std::string_view value) {
  int number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size() || number < 1 || number > kMostLanes)
    return "a whole number from 1 to " + std::to_string(kMostLanes);
  settings.batch_parallel = number;
  return std::nullopt;
}

SettingFault set_metrics(Settings& settings, std::string_view value) {
  if (value != "emf" && value != "off") return "off or emf";
  settings.metrics = value == "emf";
  return std::nullopt;
}

}  // namespace runtime
