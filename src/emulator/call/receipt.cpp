// SPDX-License-Identifier: Apache-2.0
#include "emulator/call/receipt.h"

#include "api/wire/error_type.h"

#include <nlohmann/json.hpp>

namespace emulator {
namespace {

std::string error_json(std::string_view type, std::string_view message) {
  const nlohmann::ordered_json body = {{"errorMessage", message}, {"errorType", type}};
  return body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

std::string Receipt::body() const {
  if (error_type.empty()) return "{\"status\":\"OK\"}\n";
  return error_json(error_type, message) + "\n";
}

Receipt Receipt::accepted() {
  return {202, "", ""};
}

Receipt Receipt::invalid_request_id() {
  return {400, "InvalidRequestID", "Invalid request ID"};
}

Receipt Receipt::invoke_timeout() {
  return {410, "InvokeTimeout", "The invocation has timed out"};
}

Receipt Receipt::invalid_response_mode(std::string_view mode) {
  return {400, "InvalidFunctionResponseMode", "Invalid function response mode: " + std::string(mode)};
}

Receipt Receipt::truncated() {
  return {400, "TruncatedHTTPRequest", "HTTP request detected as truncated"};
}

Receipt Receipt::invalid_transition(std::string_view from, std::string_view to) {
  std::string message = "State transition from ";
  message.append(from).append(" to ").append(to).append(
      " failed for runtime. Error: State transition is not allowed");
  return {403, "InvalidStateTransition", std::move(message)};
}

Receipt Receipt::too_large(std::size_t limit) {
  return {413, "RequestEntityTooLarge",
          "Exceeded maximum allowed payload size (" + std::to_string(limit) + " bytes)."};
}

Receipt Receipt::closed() {
  return {500, "InternalServerError", "the execution environment is being ended"};
}

std::string response_too_large_payload(std::size_t size, std::size_t limit) {
  return error_json("Function.ResponseSizeTooLarge", "Response payload size (" + std::to_string(size) +
                                                         " bytes) exceeded maximum allowed payload size (" +
                                                         std::to_string(limit) + " bytes).");
}

std::string truncated_response_payload() {
  return error_json("Runtime.TruncatedResponse", "the connection broke while the runtime sent its response");
}

std::string invalid_response_mode_payload(std::string_view mode) {
  return error_json("Runtime.InvalidResponseModeHeader",
                    "Invalid function response mode: " + std::string(mode));
}

std::string normalised_error_type(std::string_view type) {
  if (api::ErrorType::is_kept(type)) return std::string(type);
  return type.starts_with("Function.") ? "Function.Unknown" : "Runtime.Unknown";
}

}  // namespace emulator
