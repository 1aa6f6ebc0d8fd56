// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/log/log_level.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace base {

/// No line of the log is longer, its end included, and no write: readers of logs take 64 KiB at once at most.
inline constexpr std::size_t kLongestLogLine = 64 * 1024;

/// Whose line it is; empty: nobody's, or not known. Both come from the wire, so both are shown cut.
struct LogContext {
  std::string_view request_id{};
  std::string_view tenant_id{};
};

/// The time of a log line: RFC 3339, UTC, milliseconds.
std::string log_timestamp();

/// The first `limit` bytes at most, cut so that no UTF-8 character is torn.
std::string_view head_of(std::string_view text, std::size_t limit);

/// Appends valid UTF-8 as the inside of a JSON string, as far as `room` bytes go; how much of `text` that
/// was. No character is torn.
std::size_t append_json_text(std::string& out, std::string_view text, std::size_t room);

/// One JSON object on a line of its own, built member by member, in the order given. Whatever the strings
/// hold, the line is valid and no longer than kLongestLogLine, as long as the members but one are short.
class JsonLine {
 public:
  JsonLine() = default;
  /// A record of the log: begins with timestamp, level and, where known, requestId and tenantId.
  JsonLine(std::string_view timestamp, std::string_view level, LogContext who);

  /// The value is repaired where it is no UTF-8, and cut where the line would become too long.
  JsonLine& text(std::string_view key, std::string_view value);
  /// The same of a value that is valid UTF-8. How much of it fitted.
  std::size_t valid_text(std::string_view key, std::string_view value);
  JsonLine& number(std::string_view key, std::int64_t value);
  /// With one digit behind the point.
  JsonLine& tenths(std::string_view key, double value);
  JsonLine& flag(std::string_view key, bool value);
  /// `value` is JSON.
  JsonLine& raw(std::string_view key, std::string_view value);

  [[nodiscard]] bool is_empty() const { return text_.size() == 1; }

  /// With the line's end.
  [[nodiscard]] std::string finish() &&;

 private:
  void begin(std::string_view key);

  std::string text_ = "{";
};

}  // namespace base
