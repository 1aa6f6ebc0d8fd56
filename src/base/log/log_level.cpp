// SPDX-License-Identifier: Apache-2.0
#include "base/log/log_level.h"

#include "base/text/text.h"

#include <array>

namespace base {
namespace {

constexpr std::array<std::string_view, 6> kNames = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"};

}  // namespace

std::string_view name_of(LogLevel level) {
  return kNames[static_cast<std::size_t>(level)];
}

std::optional<LogLevel> parse_log_level(std::string_view word) {
  if (equal_ignoring_case(word, "WARNING")) return LogLevel::warn;
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (equal_ignoring_case(word, kNames[i])) return static_cast<LogLevel>(i);
  return std::nullopt;
}

std::optional<LogFormat> parse_log_format(std::string_view word) {
  if (equal_ignoring_case(word, "text")) return LogFormat::text;
  if (equal_ignoring_case(word, "json")) return LogFormat::json;
  return std::nullopt;
}

}  // namespace base
