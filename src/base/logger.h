// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace base {

enum class LogLevel { trace, debug, info, warn, error, fatal };
enum class LogFormat { text, json };

/// "WARN", "warn", "Warning"…: case does not matter. nullopt for an unknown word.
std::optional<LogLevel> parse_log_level(std::string_view word);
std::optional<LogFormat> parse_log_format(std::string_view word);

/// The one way to the log: the descriptor given (standard error in both programs). Lines are written whole
/// and never interleave; any thread may call. A failing write is given up silently: a log must not fail an
/// invocation.
class Logger {
 public:
  explicit Logger(int fd) : fd_(fd) {}
  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;

  /// Lines below `lowest` are not written. Before the first thread starts.
  void configure(LogFormat format, LogLevel lowest);

  /// One line of our own, "shellstrap: level: text", or a JSON object with timestamp, level, message and,
  /// where given, requestId. `text` never holds payload.
  void line(LogLevel level, std::string_view text, std::string_view request_id = {});
  void info(std::string_view text) { line(LogLevel::info, text); }
  void warn(std::string_view text, std::string_view request_id = {}) {
    line(LogLevel::warn, text, request_id);
  }
  void error(std::string_view text, std::string_view request_id = {}) {
    line(LogLevel::error, text, request_id);
  }

  /// Whole lines of a child, as they came. They have no level, so the level never filters them.
  void pass_on(std::string_view lines);

 private:
  const int fd_;
  LogFormat format_ = LogFormat::text;
  LogLevel lowest_ = LogLevel::info;
  std::mutex mutex_;
};

}  // namespace base
