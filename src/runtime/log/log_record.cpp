// SPDX-License-Identifier: Apache-2.0
#include "runtime/log/log_record.h"

#include "base/text/text.h"
#include "runtime/log/object_keys.h"

#include <utility>

namespace runtime {
namespace {

using base::LogLevel;

constexpr std::string_view kCut = " [line continues]";

// An object's members as a list that goes behind another's: `,"key":value`.
std::string members_of(base::JsonLine line) {
  auto text = std::move(line).finish();
  text.resize(text.size() - 2);  // "}\n"
  text.front() = ',';
  return text;
}

}  // namespace

std::optional<LogLevel> level_of_text(std::string_view line) {
  const auto colon = line.substr(0, 6).find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const bool ends_there = colon + 1 == line.size() || line[colon + 1] == ' ';
  const auto word = line.substr(0, colon);
  const auto level = base::parse_log_level(word);
  return ends_there && level && base::name_of(*level) == word ? level : std::nullopt;
}

void LogRecords::came_now() {
  if (options_.format == base::LogFormat::json) timestamp_ = base::log_timestamp();
}

void LogRecords::append(std::string& out, std::string_view line, bool goes_on) {
  if (options_.format == base::LogFormat::json) return append_json(out, line, goes_on);
  append_text(out, line, goes_on);
}

void LogRecords::append_text(std::string& out, std::string_view line, bool goes_on) const {
  if (!are_untouched()) out.append("[").append(base::head_of(who_.request_id, 1024)).append("] ");
  out.append(line);
  if (goes_on) out.append(kCut);
  out.push_back('\n');
}

void LogRecords::append_json(std::string& out, std::string_view line, bool goes_on) {
  if (part_ == 0) {
    if (!goes_on && append_object(out, line)) return;
    level_ = level_of_text(line);
  }
  if (!hides(level_)) append_messages(out, line, goes_on);
  if (!goes_on) part_ = 0;
}

// Text without a level is said to be INFO, as the service would say, but no level hides it.
void LogRecords::append_messages(std::string& out, std::string_view line, bool goes_on) {
  const auto valid = base::repair_utf8(line);
  std::string_view rest = valid;
  do {
    base::JsonLine record(timestamp_, base::name_of(level_.value_or(LogLevel::info)), who_);
    rest.remove_prefix(record.valid_text("message", rest));
    if (goes_on || part_ > 0 || !rest.empty()) record.number("part", ++part_);
    out.append(std::move(record).finish());
  } while (!rest.empty());
}

// True: it is an object, and done with. What is missing goes behind its own members, which are not touched.
bool LogRecords::append_object(std::string& out, std::string_view line) const {
  const auto object = base::trim(line);
  if (!object.starts_with('{')) return false;
  const auto keys = keys_of_object(object);
  if (!keys) return false;
  const auto level = base::parse_log_level(keys->level_word);
  if (hides(level)) return true;
  base::JsonLine missing;
  if (!keys->timestamp) missing.text("timestamp", timestamp_);
  if (!keys->level) missing.text("level", base::name_of(LogLevel::info));
  if (!keys->request_id && !who_.request_id.empty())
    missing.text("requestId", base::head_of(who_.request_id, 1024));
  if (!keys->tenant_id && !who_.tenant_id.empty())
    missing.text("tenantId", base::head_of(who_.tenant_id, 1024));
  auto added = missing.is_empty() ? std::string() : members_of(std::move(missing));
  if (keys->empty) added.erase(0, 1);
  if (object.size() + added.size() >= base::kLongestLogLine) return false;
  out.append(object.substr(0, object.size() - 1)).append(added).append("}\n");
  return true;
}

bool LogRecords::hides(std::optional<LogLevel> level) const {
  return level && *level < options_.handler_lowest;
}

}  // namespace runtime
