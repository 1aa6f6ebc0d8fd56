// SPDX-License-Identifier: Apache-2.0
#include "cli/remote/log_events.h"

#include "cli/cases/test_json.h"

#include <algorithm>
#include <charconv>

#include <nlohmann/json.hpp>

namespace cli {
namespace {

using nlohmann::json;

// How late an event may come.
constexpr std::int64_t kLatest = 30'000;

std::string text_of(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

LogEvent event_of(const json& from) {
  LogEvent event{text_of(from, "eventId"), text_of(from, "logStreamName"), text_of(from, "message"), 0};
  const auto time = from.find("timestamp");
  if (time != from.end() && time->is_number_integer()) event.time = time->get<std::int64_t>();
  return event;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

base::Result<std::vector<LogEvent>> parse_log_events(std::string_view printed) {
  const auto document = is_too_deep(printed) ? json(nullptr) : json::parse(printed, nullptr, false);
  if (!document.is_object() || !document.contains("events") || !document["events"].is_array())
    return base::Error{"the AWS CLI printed no list of events"};
  std::vector<LogEvent> events;
  for (const auto& event : document["events"])
    if (event.is_object()) events.push_back(event_of(event));
  std::ranges::stable_sort(events, {}, &LogEvent::time);
  return events;
}

std::optional<std::chrono::seconds> parse_age(std::string_view text) {
  constexpr std::int64_t kMost = 1'000'000;  // far beyond any log, and far from an overflow
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc{} || number < 0 || number > kMost) return std::nullopt;
  const auto unit = text.substr(static_cast<std::size_t>(read.ptr - text.data()));
  if (unit == "s") return std::chrono::seconds(number);
  if (unit == "m") return std::chrono::minutes(number);
  if (unit == "h") return std::chrono::hours(number);
  if (unit == "d") return std::chrono::hours(24 * number);
  return std::nullopt;
}

bool CallSelection::wants(const LogEvent& event) {
  if (request_id_.empty()) return true;
  const bool is_named = has(event.message, request_id_);
  if (event.message.starts_with("START RequestId: ")) {
    is_named ? (void)open_.insert(event.stream) : (void)open_.erase(event.stream);
    return is_named;
  }
  const bool was_open = open_.contains(event.stream);
  if (is_named && event.message.starts_with("REPORT RequestId: ")) open_.erase(event.stream);
  return is_named || was_open;
}

bool SeenEvents::take(const LogEvent& event) {
  newest_ = std::max(newest_, event.time);
  return times_.emplace(event.id, event.time).second;
}

void SeenEvents::move_on() {
  start_ = std::max(start_, newest_ - kLatest);
  std::erase_if(times_, [&](const auto& entry) { return entry.second < start_; });
}

}  // namespace cli
