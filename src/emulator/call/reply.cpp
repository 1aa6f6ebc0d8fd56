// SPDX-License-Identifier: Apache-2.0
#include "emulator/call/reply.h"

#include "base/text/text.h"

#include <string.h>

#include <array>
#include <cstdio>

#include <nlohmann/json.hpp>

namespace emulator {
namespace {

constexpr auto kJsonType = "application/json";

std::string error_json(std::string_view type, std::string_view message) {
  const nlohmann::ordered_json body = {{"errorType", type}, {"errorMessage", message}};
  return body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Errors that the service itself reports carry the request id in front.
ServiceAnswer service_error(std::string_view type, std::string_view request_id, const std::string& what) {
  const std::string message = "RequestId: " + std::string(request_id) + " Error: " + what;
  return {error_json(type, message), kJsonType, std::string(type)};
}

std::string exit_reason(const proc::ExitState& state) {
  if (state.success()) return "Runtime exited without providing a reason";
  if (state.status()) return "Runtime exited with error: exit status " + std::to_string(*state.status());
  const char* description = ::sigdescr_np(*state.signal());  // null for real-time signals
  const std::string words =
      description != nullptr ? description : "signal " + std::to_string(*state.signal());
  return "Runtime exited with error: signal: " + base::ascii_lower(words);
}

struct Wording {
  std::string_view request_id;

  ServiceAnswer operator()(const Answered& it) const { return {it.payload, it.content_type, ""}; }
  ServiceAnswer operator()(const Streamed& it) const { return {it.error_payload, kJsonType, it.error_type}; }
  ServiceAnswer operator()(const FunctionFailed& it) const { return {it.payload, kJsonType, it.error_type}; }
  ServiceAnswer operator()(const TimedOut& it) const {
    return service_error("Sandbox.Timedout", request_id,
                         "Task timed out after " + seconds_text(it.allotted) + " seconds");
  }
  ServiceAnswer operator()(const InitFailed& it) const {
    if (it.payload.empty())
      return {error_json(it.error_type, "the runtime gave no reason"), kJsonType, it.error_type};
    return {it.payload, kJsonType, it.error_type};
  }
  ServiceAnswer operator()(const InitTimedOut& it) const {
    return service_error("Sandbox.Timedout", request_id,
                         "Init timed out after " + seconds_text(it.limit) + " seconds");
  }
  ServiceAnswer operator()(const RuntimeExited& it) const {
    return service_error("Runtime.ExitError", request_id, exit_reason(it.state));
  }
  ServiceAnswer operator()(const NotStarted& it) const {
    return service_error("Runtime.InvalidEntrypoint", request_id, it.reason);
  }
  ServiceAnswer operator()(const Cancelled&) const {
    return service_error("Sandbox.Failure", request_id, "the emulator is being stopped");
  }
};

}  // namespace

ServiceAnswer service_answer(const Reply& reply, std::string_view request_id) {
  return std::visit(Wording{request_id}, reply);
}

std::string seconds_text(std::chrono::milliseconds time) {
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.2f", std::chrono::duration<double>(time).count());
  return buffer.data();
}

}  // namespace emulator
