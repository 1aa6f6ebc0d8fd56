// SPDX-License-Identifier: Apache-2.0
#include "emulator/log_lines.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace emulator {
namespace {

std::string milliseconds_text(std::chrono::microseconds time) {
  std::array<char, 40> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.2f ms", static_cast<double>(time.count()) / 1000);
  return buffer.data();
}

/// Init is billed since August 2025.
std::string billed_text(const CallReport& report) {
  const auto billed = report.duration + report.init_duration.value_or(std::chrono::microseconds(0));
  return std::to_string(std::chrono::ceil<std::chrono::milliseconds>(billed).count()) + " ms";
}

std::string status_text(const std::string& error_type, bool timed_out) {
  if (timed_out) return "\tStatus: timeout";
  return error_type.empty() ? "" : "\tStatus: error\tError Type: " + error_type;
}

}  // namespace

std::string start_line(const std::string& request_id, const std::string& version) {
  return "START RequestId: " + request_id + " Version: " + version + "\n";
}

std::string end_line(const std::string& request_id) {
  return "END RequestId: " + request_id + "\n";
}

std::string report_line(const CallReport& report) {
  std::string line = "REPORT RequestId: " + report.request_id;
  line += "\tDuration: " + milliseconds_text(report.duration) + "\tBilled Duration: " + billed_text(report);
  line += "\tMemory Size: " + std::to_string(report.memory_size_mib) + " MB";
  line += "\tMax Memory Used: " + std::to_string((report.peak_memory_kib + 1023) / 1024) + " MB";
  if (report.init_duration) line += "\tInit Duration: " + milliseconds_text(*report.init_duration);
  return line + status_text(report.error_type, report.timed_out) + "\n";
}

std::string init_report_line(std::chrono::microseconds duration, const std::string& error_type,
                             bool timed_out) {
  return "INIT_REPORT Init Duration: " + milliseconds_text(duration) + "\tPhase: init" +
         status_text(error_type, timed_out) + "\n";
}

std::string timeout_line(const std::string& timestamp, const std::string& request_id,
                         std::chrono::milliseconds allotted) {
  return timestamp + " " + request_id + " Task timed out after " + seconds_text(allotted) + " seconds\n";
}

}  // namespace emulator
