// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace emulator {

/// What the Runtime API answers to a POST, and to a GET next that it refuses: HTTP status and, unless
/// accepted, the error that goes into the body.
struct Receipt {
  int status;
  std::string error_type;  ///< empty: accepted
  std::string message;

  [[nodiscard]] std::string body() const;

  static Receipt accepted();
  static Receipt invalid_request_id();
  /// Of a managed instance: the answer comes after the deadline.
  static Receipt invoke_timeout();
  static Receipt invalid_response_mode(std::string_view mode);
  static Receipt truncated();
  /// `from` and `to` name states as the service does.
  static Receipt invalid_transition(std::string_view from, std::string_view to);
  static Receipt too_large(std::size_t limit);
  /// The emulator is being stopped, or has given this runtime up.
  static Receipt closed();
};

/// The errors that a caller gets where the runtime's answer was none. Worded like the service's own.
std::string response_too_large_payload(std::size_t size, std::size_t limit);
std::string truncated_response_payload();
std::string invalid_response_mode_payload(std::string_view mode);

/// What the service makes of the value of Lambda-Runtime-Function-Error-Type: kept, Function.Unknown or
/// Runtime.Unknown.
std::string normalised_error_type(std::string_view type);

}  // namespace emulator
