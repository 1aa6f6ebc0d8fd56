// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/log/logger.h"
#include "emulator/call/reply.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace emulator {

/// What REPORT says of one call.
struct CallReport {
  std::string request_id;
  std::chrono::microseconds duration{0};
  std::optional<std::chrono::microseconds> init_duration;  ///< of the first call in an environment
  int memory_size_mib = 0;
  std::size_t peak_memory_kib = 0;
  std::string error_type;  ///< empty: success
  bool timed_out = false;
};

/// The service's own lines about calls, in the text format or as JSON objects, as functions log.
class ServiceLog {
 public:
  /// `target` is borrowed.
  ServiceLog(base::Logger& target, bool as_json) : target_(target), as_json_(as_json) {}

  void call_started(const std::string& request_id, const std::string& version) const;
  /// `allotted`: what the call had, where it timed out.
  void call_ended(const CallReport& report, std::chrono::milliseconds allotted) const;
  void init_failed(std::chrono::microseconds duration, const std::string& error_type, bool timed_out) const;

 private:
  base::Logger& target_;
  const bool as_json_;
};

/// The service's own lines of the text format, each with its end of line. Pure.
std::string start_line(const std::string& request_id, const std::string& version);
std::string end_line(const std::string& request_id);
std::string report_line(const CallReport& report);
/// Of an environment whose init failed.
std::string init_report_line(std::chrono::microseconds duration, const std::string& error_type,
                             bool timed_out);
/// What the service logs besides when a call is overdue. `timestamp` as "2026-08-31T12:34:56.789Z".
std::string timeout_line(const std::string& timestamp, const std::string& request_id,
                         std::chrono::milliseconds allotted);

/// The same as JSON objects of one line each.
std::string json_start_line(const std::string& request_id, const std::string& version);
std::string json_report_line(const CallReport& report);
std::string json_init_report_line(std::chrono::microseconds duration, const std::string& error_type,
                                  bool timed_out);

}  // namespace emulator
