// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/log/logger.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace runtime {

/// What the log gets for the lines of one stream of a handler (docs/logs.md): in text the line itself, behind
/// its request id where that is asked for; in JSON one object. Pure but for the clock.
class LogRecords {
 public:
  /// Longer lines come in pieces: with everything that is added, each stays below base::kLongestLogLine.
  static constexpr std::size_t kLongestPiece = std::size_t{62} * 1024;

  /// `options` and `who` are borrowed.
  LogRecords(const base::LogOptions& options, base::LogContext who) : options_(options), who_(who) {}

  /// Lines are written as they are, but for the mark where one is cut.
  [[nodiscard]] bool are_untouched() const {
    return options_.format == base::LogFormat::text && (!options_.prefix || who_.request_id.empty());
  }

  /// The lines that follow came now.
  void came_now();

  /// Appends what is written for `line`, which has no line end. `goes_on`: it is a piece of a line, and not
  /// its last.
  void append(std::string& out, std::string_view line, bool goes_on);

 private:
  void append_text(std::string& out, std::string_view line, bool goes_on) const;
  void append_json(std::string& out, std::string_view line, bool goes_on);
  bool append_object(std::string& out, std::string_view line) const;
  void append_messages(std::string& out, std::string_view line, bool goes_on);
  [[nodiscard]] bool hides(std::optional<base::LogLevel> level) const;

  const base::LogOptions& options_;
  base::LogContext who_;
  std::string timestamp_;
  int part_ = 0;                         // of the current line; 0: it is whole so far
  std::optional<base::LogLevel> level_;  // of the current line
};

/// The level that a line of text says: TRACE, DEBUG, INFO, WARN, ERROR or FATAL at its start, in capitals,
/// with a colon and then a blank or the line's end.
std::optional<base::LogLevel> level_of_text(std::string_view line);

}  // namespace runtime
