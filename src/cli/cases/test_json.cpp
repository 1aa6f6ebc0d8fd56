// SPDX-License-Identifier: Apache-2.0
#include "cli/cases/test_json.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace cli {
namespace {

using nlohmann::json;

constexpr std::array<const char*, 2> kCompared = {"errorType", "errorMessage"};
constexpr int kIndent = 2;

json parsed(std::string_view text) {
  return is_too_deep(text) ? json(json::value_t::discarded) : json::parse(text, nullptr, false);
}

std::string dumped(const json& value, int indent = -1) {
  return value.dump(indent, ' ', false, json::error_handler_t::replace);
}

/// Null: there is no such value.
json* value_at(json& document, const handler::JsonPointer& pointer) {
  json* value = &document;
  for (const auto& token : pointer.tokens()) {
    if (value->is_object() && value->contains(token.text))
      value = &(*value)[token.text];
    else if (value->is_array() && token.index && *token.index < value->size())
      value = &(*value)[*token.index];
    else
      return nullptr;
  }
  return value;
}

/// "*" in the place of every number between `before` and `behind`. By hand: std::regex costs stack.
std::string without_numbers(std::string_view text, std::string_view before, std::string_view behind) {
  std::string result;
  for (auto at = text.find(before); at != text.npos; at = text.find(before)) {
    result.append(text.substr(0, at + before.size()));
    text.remove_prefix(at + before.size());
    const auto end = std::min(text.find_first_not_of("0123456789."), text.size());
    if (end == 0 || !text.substr(end).starts_with(behind)) continue;
    result += "*";
    text.remove_prefix(end);
  }
  return result.append(text);
}

std::string without_measures(const std::string& message) {
  return without_numbers(without_numbers(message, "after ", " ms"), "peak memory ", " MB");
}

}  // namespace

bool is_too_deep(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') in_string = !in_string;
    if (in_string && c == '\\') ++at;
    if (in_string) continue;
    if ((c == '[' || c == '{') && ++depth > kDeepest) return true;
    if ((c == ']' || c == '}') && depth > 0) --depth;
  }
  return false;
}

std::optional<std::string> json_form(std::string_view text, const std::vector<handler::JsonPointer>& masks) {
  auto document = parsed(text);
  if (document.is_discarded()) return std::nullopt;
  for (const auto& mask : masks)
    if (json* value = value_at(document, mask)) *value = "*";
  return dumped(document, kIndent) + "\n";
}

std::string steady_error(std::string_view payload) {
  const auto error = parsed(payload);
  if (!error.is_object()) return std::string(payload);
  json steady = json::object();
  for (const auto* name : kCompared)
    if (error.contains(name)) steady[name] = error[name];
  if (steady.contains("errorMessage") && steady["errorMessage"].is_string())
    steady["errorMessage"] = without_measures(steady["errorMessage"].get<std::string>());
  return dumped(steady, kIndent) + "\n";
}

std::optional<std::string> members_like(std::string_view like, std::string_view error) {
  const auto wanted = parsed(like);
  const auto whole = parsed(error);
  const auto is_wanted = [&](const char* name) { return wanted.is_object() && wanted.contains(name); };
  if (std::ranges::none_of(kCompared, is_wanted)) return std::nullopt;
  json members = json::object();
  for (const auto* name : kCompared)
    if (is_wanted(name) && whole.is_object() && whole.contains(name)) members[name] = whole[name];
  return dumped(members, kIndent) + "\n";
}

}  // namespace cli
