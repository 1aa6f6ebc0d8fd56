// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace base {

enum class LogLevel { trace, debug, info, warn, error, fatal };
enum class LogFormat { text, json };

/// "WARN", "warn", "Warning"…: case does not matter. nullopt for an unknown word.
std::optional<LogLevel> parse_log_level(std::string_view word);
std::optional<LogFormat> parse_log_format(std::string_view word);

/// "TRACE", "DEBUG", "INFO", "WARN", "ERROR" or "FATAL".
std::string_view name_of(LogLevel level);

}  // namespace base
