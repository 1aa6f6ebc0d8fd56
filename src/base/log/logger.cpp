// SPDX-License-Identifier: Apache-2.0
#include "base/log/logger.h"

#include "base/text/text.h"

#include <utility>

namespace base {
namespace {

constexpr std::size_t kLongestText = kLongestLogLine - 64;

std::string text_line(LogLevel level, std::string_view text) {
  std::string line = "shellstrap: ";
  line.append(ascii_lower(name_of(level))).append(": ").append(head_of(text, kLongestText)).append("\n");
  return line;
}

std::string json_line(LogLevel level, std::string_view text, LogContext who) {
  JsonLine line(log_timestamp(), name_of(level), who);
  line.text("message", text);
  return std::move(line).finish();
}

std::string loss(std::size_t bytes, std::size_t lines) {
  return std::to_string(bytes) + " bytes in " + std::to_string(lines) +
         " lines of the log were dropped because its reader stalled";
}

}  // namespace

Logger::Logger(int fd, LogPatience patience)
    : writer_(fd, patience, [this](std::size_t bytes, std::size_t lines) {
        return own_line(LogLevel::warn, loss(bytes, lines), {});
      }) {}

std::string Logger::own_line(LogLevel level, std::string_view text, LogContext who) const {
  return is_json() ? json_line(level, text, who) : text_line(level, text);
}

void Logger::line(LogLevel level, std::string_view text, std::string_view request_id) {
  if (shows(level)) pass_on(own_line(level, text, {request_id, {}}));
}

void Logger::pass_on(std::string_view lines) {
  LogBudget budget;
  writer_.write(lines, budget);
}

}  // namespace base
