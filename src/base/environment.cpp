// SPDX-License-Identifier: Apache-2.0
#include "base/environment.h"

#include <algorithm>

namespace base {
namespace {

bool names(const std::string& entry, std::string_view name) {
  return entry.size() > name.size() && entry[name.size()] == '=' && entry.starts_with(name);
}

auto find(auto& strings, std::string_view name) {
  return std::find_if(strings.begin(), strings.end(), [&](const auto& entry) { return names(entry, name); });
}

}  // namespace

Environment Environment::from(const char* const* strings) {
  Environment result;
  for (; strings != nullptr && *strings != nullptr; ++strings) {
    const std::string_view entry = *strings;
    const auto equals = entry.find('=', 1);
    if (equals == std::string_view::npos || result.get(entry.substr(0, equals))) continue;
    result.strings_.emplace_back(entry);
  }
  return result;
}

std::optional<std::string_view> Environment::get(std::string_view name) const {
  const auto entry = find(strings_, name);
  if (entry == strings_.end()) return std::nullopt;
  return std::string_view(*entry).substr(name.size() + 1);
}

std::string Environment::get_or(std::string_view name, std::string_view fallback) const {
  return std::string(get(name).value_or(fallback));
}

void Environment::set(std::string_view name, std::string_view value) {
  std::string entry;
  entry.reserve(name.size() + 1 + value.size());
  entry.append(name).append("=").append(value);
  const auto existing = find(strings_, name);
  if (existing == strings_.end())
    strings_.push_back(std::move(entry));
  else
    *existing = std::move(entry);
}

void Environment::unset(std::string_view name) {
  std::erase_if(strings_, [&](const std::string& entry) { return names(entry, name); });
}

void Environment::unset_prefix(std::string_view name_prefix) {
  std::erase_if(strings_, [&](const std::string& entry) { return entry.starts_with(name_prefix); });
}

}  // namespace base
