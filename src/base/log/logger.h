// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/log/json_line.h"
#include "base/log/log_level.h"
#include "base/log/log_writer.h"

#include <string>
#include <string_view>

namespace base {

struct LogOptions {
  LogFormat format = LogFormat::text;
  LogLevel lowest = LogLevel::info;           ///< of our own lines
  LogLevel handler_lowest = LogLevel::trace;  ///< of a handler's lines that say their level
  bool prefix = false;                        ///< a handler's lines of text begin with their request id
};

/// The one way to the log: the descriptor given (standard error in both programs). Lines are written whole
/// and never interleave; any thread may call. See LogWriter for what happens when nobody reads.
class Logger {
 public:
  explicit Logger(int fd, LogPatience patience = LogPatience::endless);
  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;

  /// Before the first thread starts.
  void configure(const LogOptions& options) { options_ = options; }
  [[nodiscard]] const LogOptions& options() const { return options_; }
  [[nodiscard]] bool shows(LogLevel level) const { return level >= options_.lowest; }
  [[nodiscard]] bool is_json() const { return options_.format == LogFormat::json; }

  /// One line of our own, "shellstrap: level: text", or a JSON object with timestamp, level, requestId where
  /// given, and message. Not below the lowest level. `text` never holds payload.
  void line(LogLevel level, std::string_view text, std::string_view request_id = {});
  void info(std::string_view text) { line(LogLevel::info, text); }
  void warn(std::string_view text, std::string_view request_id = {}) {
    line(LogLevel::warn, text, request_id);
  }
  void error(std::string_view text, std::string_view request_id = {}) {
    line(LogLevel::error, text, request_id);
  }

  /// Whole lines, as they are. `budget`: what the invocation they belong to may still wait for the reader.
  void pass_on(std::string_view lines, LogBudget& budget) { writer_.write(lines, budget); }
  void pass_on(std::string_view lines);

  /// Tells of lines that were dropped, where the reader is back; between invocations.
  void catch_up() { writer_.catch_up(); }

 private:
  [[nodiscard]] std::string own_line(LogLevel level, std::string_view text, LogContext who) const;

  LogOptions options_;
  LogWriter writer_;
};

}  // namespace base
