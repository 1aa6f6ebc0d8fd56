// SPDX-License-Identifier: Apache-2.0
#include "base/logger.h"

#include "base/memory_file.h"
#include "base/text.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

#include <nlohmann/json.hpp>

namespace base {
namespace {

struct LevelName {
  std::string_view word;
  LogLevel level;
};

constexpr std::array kLevels = {
    LevelName{"TRACE", LogLevel::trace}, LevelName{"DEBUG", LogLevel::debug},
    LevelName{"INFO", LogLevel::info},   LevelName{"WARN", LogLevel::warn},
    LevelName{"ERROR", LogLevel::error}, LevelName{"FATAL", LogLevel::fatal},
};

std::string_view name_of(LogLevel level) {
  return kLevels[static_cast<std::size_t>(level)].word;
}

std::string timestamp() {
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  const auto millis =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  std::array<char, 48> buffer{};
  const auto length = std::strftime(buffer.data(), buffer.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  std::snprintf(buffer.data() + length, buffer.size() - length, ".%03dZ", static_cast<int>(millis));
  return buffer.data();
}

std::string text_line(LogLevel level, std::string_view text) {
  std::string line = "shellstrap: ";
  line.append(ascii_lower(name_of(level))).append(": ").append(text).append("\n");
  return line;
}

std::string json_line(LogLevel level, std::string_view text, std::string_view request_id) {
  nlohmann::ordered_json line = {{"timestamp", timestamp()}, {"level", name_of(level)}, {"message", text}};
  if (!request_id.empty()) line["requestId"] = request_id;
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace

std::optional<LogLevel> parse_log_level(std::string_view word) {
  if (equal_ignoring_case(word, "WARNING")) return LogLevel::warn;
  for (const auto& entry : kLevels)
    if (equal_ignoring_case(word, entry.word)) return entry.level;
  return std::nullopt;
}

std::optional<LogFormat> parse_log_format(std::string_view word) {
  if (equal_ignoring_case(word, "text")) return LogFormat::text;
  if (equal_ignoring_case(word, "json")) return LogFormat::json;
  return std::nullopt;
}

void Logger::configure(LogFormat format, LogLevel lowest) {
  format_ = format;
  lowest_ = lowest;
}

void Logger::line(LogLevel level, std::string_view text, std::string_view request_id) {
  if (level < lowest_) return;
  pass_on(format_ == LogFormat::json ? json_line(level, text, request_id) : text_line(level, text));
}

void Logger::pass_on(std::string_view lines) {
  const std::lock_guard lock(mutex_);
  [[maybe_unused]] const auto given_up = write_all(fd_, lines);
}

}  // namespace base
