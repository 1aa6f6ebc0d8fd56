// SPDX-License-Identifier: Apache-2.0
#include "base/log/json_line.h"

#include "base/text/text.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace base {
namespace {

// What may still follow a text that has filled its line: closing marks, and short members.
constexpr std::size_t kReserve = 256;
constexpr std::size_t kLongestId = 1024;

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

bool must_be_escaped(char c) {
  return static_cast<unsigned char>(c) < ' ' || c == '"' || c == '\\';
}

// How much of `text` needs no escape and fits into `room`, in whole characters.
std::size_t plain_length(std::string_view text, std::size_t room) {
  std::size_t length = 0;
  while (length < text.size() && !must_be_escaped(text[length])) ++length;
  return head_of(text.substr(0, length), room).size();
}

std::string escaped(char c) {
  if (c == '"') return "\\\"";
  if (c == '\\') return "\\\\";
  if (c == '\n') return "\\n";
  if (c == '\r') return "\\r";
  if (c == '\t') return "\\t";
  std::array<char, 8> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "\\u%04x", static_cast<unsigned>(c));
  return buffer.data();
}

}  // namespace

std::string log_timestamp() {
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

std::string_view head_of(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  // No character has more than three bytes behind its first: more of them are broken anyway.
  std::size_t end = limit;
  while (end > 0 && limit - end < 3 && is_continuation(text[end])) --end;
  return text.substr(0, is_continuation(text[end]) ? limit : end);
}

std::size_t append_json_text(std::string& out, std::string_view text, std::size_t room) {
  const std::size_t all = text.size();
  const std::size_t end = out.size() + room;
  while (!text.empty()) {
    const auto plain = plain_length(text, end - out.size());
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty() || !must_be_escaped(text[0])) break;
    const auto escape = escaped(text[0]);
    if (out.size() + escape.size() > end) break;
    out.append(escape);
    text.remove_prefix(1);
  }
  return all - text.size();
}

JsonLine::JsonLine(std::string_view timestamp, std::string_view level, LogContext who) {
  text("timestamp", timestamp);
  text("level", level);
  if (!who.request_id.empty()) text("requestId", head_of(who.request_id, kLongestId));
  if (!who.tenant_id.empty()) text("tenantId", head_of(who.tenant_id, kLongestId));
}

void JsonLine::begin(std::string_view key) {
  if (text_.size() > 1) text_.push_back(',');
  text_.push_back('"');
  append_json_text(text_, key, kLongestId);
  text_.append("\":");
}

JsonLine& JsonLine::text(std::string_view key, std::string_view value) {
  valid_text(key, repair_utf8(value));
  return *this;
}

std::size_t JsonLine::valid_text(std::string_view key, std::string_view value) {
  begin(key);
  text_.push_back('"');
  const std::size_t filled = text_.size() + kReserve;
  const auto fitted = append_json_text(text_, value, filled < kLongestLogLine ? kLongestLogLine - filled : 0);
  text_.push_back('"');
  return fitted;
}

JsonLine& JsonLine::number(std::string_view key, std::int64_t value) {
  return raw(key, std::to_string(value));
}

JsonLine& JsonLine::tenths(std::string_view key, double value) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.1f", value);
  return raw(key, buffer.data());
}

JsonLine& JsonLine::flag(std::string_view key, bool value) {
  return raw(key, value ? "true" : "false");
}

JsonLine& JsonLine::raw(std::string_view key, std::string_view value) {
  begin(key);
  text_.append(value);
  return *this;
}

std::string JsonLine::finish() && {
  text_.append("}\n");
  return std::move(text_);
}

}  // namespace base
