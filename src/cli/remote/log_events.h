// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// One line of a function's log, as CloudWatch has it.
struct LogEvent {
  std::string id;
  std::string stream;  ///< one for each environment, which has one call at a time
  std::string message;
  std::int64_t time = 0;  ///< Unix time in milliseconds
};

/// What `aws logs filter-log-events` printed, oldest first. Pure.
base::Result<std::vector<LogEvent>> parse_log_events(std::string_view printed);

/// "90s", "10m", "2h", "1d"; nullopt: it is none. Pure.
std::optional<std::chrono::seconds> parse_age(std::string_view text);

/// Keeps the lines of one call: those that name it, and in text those between its START and its REPORT, which
/// do not. Without a request id it keeps all. Takes the events of each stream in their order. Pure.
class CallSelection {
 public:
  explicit CallSelection(std::string request_id) : request_id_(std::move(request_id)) {}
  bool wants(const LogEvent& event);

 private:
  std::string request_id_;
  std::set<std::string> open_;  // streams in which the call runs
};

/// Knows what was shown: CloudWatch has an event some seconds after its time, so each look goes back over
/// what the last one has seen. Pure.
class SeenEvents {
 public:
  explicit SeenEvents(std::int64_t start) : start_(start) {}

  /// From where the next look has to start.
  [[nodiscard]] std::int64_t start() const { return start_; }
  /// Whether it is new.
  bool take(const LogEvent& event);
  /// A look is over.
  void move_on();

 private:
  std::int64_t start_;
  std::int64_t newest_ = 0;
  std::map<std::string, std::int64_t> times_;  // by id, of what is not older than start_
};

}  // namespace cli
