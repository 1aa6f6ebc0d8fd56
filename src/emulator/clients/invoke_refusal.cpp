// SPDX-License-Identifier: Apache-2.0
#include "emulator/clients/invoke_refusal.h"

#include "api/wire/wire.h"

#include <nlohmann/json.hpp>

namespace emulator {
namespace {

constexpr auto kInvalidContent = "InvalidRequestContentException";
constexpr auto kTooLarge = "RequestEntityTooLargeException";

}  // namespace

/// Some of the service's errors spell it "Message", most "message": SDKs read both, so both are there.
HttpResponse InvokeRefusal::response() const {
  const char* fault = status < 500 ? "User" : "Service";
  nlohmann::ordered_json body = {{"Type", fault}, {"message", message}, {"Message", message}};
  if (status == 429) body["Reason"] = "ReservedFunctionConcurrentInvocationLimitExceeded";
  return {status,
          {{"x-amzn-ErrorType", type}},
          body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
          "application/json"};
}

InvokeRefusal InvokeRefusal::unknown_function(std::string_view arn) {
  return {404, "ResourceNotFoundException", "Function not found: " + std::string(arn)};
}

InvokeRefusal InvokeRefusal::unknown_path() {
  return {404, "UnknownOperationException", "shellstrap serves POST /2015-03-31/functions/NAME/invocations"};
}

InvokeRefusal InvokeRefusal::invalid_value(std::string_view value, std::string_view field,
                                           std::string_view constraint) {
  std::string message = "1 validation error detected: Value '";
  message.append(value).append("' at '").append(field).append("' failed to satisfy constraint: ");
  return {400, "ValidationException", message.append(constraint)};
}

InvokeRefusal InvokeRefusal::contradicting_qualifier() {
  return {400, "InvalidParameterValueException",
          "The derived qualifier from the function name does not match the specified qualifier."};
}

InvokeRefusal InvokeRefusal::invalid_payload() {
  return {400, kInvalidContent, "Could not parse request body into json"};
}

InvokeRefusal InvokeRefusal::invalid_client_context() {
  return {400, kInvalidContent, "Client context must be a valid Base64-encoded JSON object."};
}

InvokeRefusal InvokeRefusal::synchronous_too_large() {
  return {413, kTooLarge,
          "Request must be smaller than " + std::to_string(api::wire::kLargestEvent) +
              " bytes for the InvokeFunction operation"};
}

InvokeRefusal InvokeRefusal::asynchronous_too_large(std::size_t size) {
  return {413, kTooLarge,
          std::to_string(size) + " byte payload is too large for the Event invocation type (limit " +
              std::to_string(kLargestAsynchronousEvent) + " bytes)"};
}

InvokeRefusal InvokeRefusal::cut_off() {
  return {400, kInvalidContent, "the connection broke before the end of the request body"};
}

InvokeRefusal InvokeRefusal::throttled() {
  return {429, "TooManyRequestsException", "Rate Exceeded."};
}

InvokeRefusal InvokeRefusal::not_admitted(const NotAdmitted& reason) {
  return {reason.status, reason.status == 403 ? "AccessDeniedException" : "ValidationException", reason.why};
}

InvokeRefusal InvokeRefusal::stopping() {
  return {503, "ServiceException", "shellstrap serve is being stopped"};
}

}  // namespace emulator
