// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/wire/error_type.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace api {

/// The one thing that becomes an error body. Strings may hold any bytes: what is not UTF-8 is repaired when
/// written.
struct FunctionError {
  ErrorType type;  ///< of the header, and of the body unless shown_type is set
  std::string message;
  std::vector<std::string> stack_trace;   ///< the last lines that the handler said
  std::optional<std::string> shown_type;  ///< the handler's own name for its error, in the body only

  /// {"errorMessage": …, "errorType": …, "stackTrace": […]}; always valid JSON and UTF-8.
  [[nodiscard]] std::string body() const;

  /// The same, small enough for a trailer: servers take 4 KB of them in all.
  [[nodiscard]] std::string trailer_body() const;

  /// One line of printable ASCII for Lambda-Runtime-Function-XRay-Error-Cause, at most 64 KiB: what the
  /// service crops to is never exceeded. `working_directory` is where the handler ran.
  [[nodiscard]] std::string xray_cause(std::string_view working_directory) const;
};

/// The error that a failed handler printed as its answer: exactly one JSON object with a string "errorType"
/// or "errorMessage". nullopt: it is no such object, and `base` stands. What is missing in the object comes
/// from `base`.
std::optional<FunctionError> error_by_handler(std::string_view answer, const FunctionError& base);

}  // namespace api
