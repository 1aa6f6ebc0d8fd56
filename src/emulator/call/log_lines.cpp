// SPDX-License-Identifier: Apache-2.0
#include "emulator/call/log_lines.h"

#include "emulator/call/identifiers.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

#include <nlohmann/json.hpp>

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

nlohmann::ordered_json platform_event(const char* type, nlohmann::ordered_json record) {
  return {{"time", timestamp()}, {"type", type}, {"record", std::move(record)}};
}

std::string line_of(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

double in_milliseconds(std::chrono::microseconds time) {
  return static_cast<double>(time.count()) / 1000;
}

void add_status(nlohmann::ordered_json& record, const std::string& error_type, bool timed_out) {
  record["status"] = timed_out ? "timeout" : error_type.empty() ? "success" : "error";
  if (!error_type.empty()) record["errorType"] = error_type;
}

}  // namespace

void ServiceLog::call_started(const std::string& request_id, const std::string& version) const {
  target_.pass_on(as_json_ ? json_start_line(request_id, version) : start_line(request_id, version));
}

void ServiceLog::call_ended(const CallReport& report, std::chrono::milliseconds allotted) const {
  if (as_json_) return target_.pass_on(json_report_line(report));
  std::string lines = end_line(report.request_id) + report_line(report);
  if (report.timed_out) lines.insert(0, timeout_line(timestamp(), report.request_id, allotted));
  target_.pass_on(lines);
}

void ServiceLog::init_failed(std::chrono::microseconds duration, const std::string& error_type,
                             bool timed_out) const {
  target_.pass_on(as_json_ ? json_init_report_line(duration, error_type, timed_out)
                           : init_report_line(duration, error_type, timed_out));
}

std::string json_start_line(const std::string& request_id, const std::string& version) {
  return line_of(platform_event("platform.start", {{"requestId", request_id}, {"version", version}}));
}

std::string json_report_line(const CallReport& report) {
  nlohmann::ordered_json metrics = {{"durationMs", in_milliseconds(report.duration)}};
  if (report.init_duration) metrics["initDurationMs"] = in_milliseconds(*report.init_duration);
  metrics["memorySizeMB"] = report.memory_size_mib;
  metrics["maxMemoryUsedMB"] = (report.peak_memory_kib + 1023) / 1024;
  nlohmann::ordered_json record = {{"requestId", report.request_id}, {"metrics", std::move(metrics)}};
  add_status(record, report.error_type, report.timed_out);
  return line_of(platform_event("platform.report", std::move(record)));
}

std::string json_init_report_line(std::chrono::microseconds duration, const std::string& error_type,
                                  bool timed_out) {
  nlohmann::ordered_json record = {{"phase", "init"},
                                   {"metrics", {{"durationMs", in_milliseconds(duration)}}}};
  add_status(record, error_type, timed_out);
  return line_of(platform_event("platform.initReport", std::move(record)));
}

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
