// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "emulator/http/http_server.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace emulator {

/// What the Invoke API says instead of calling the function, worded like the service. SDKs make an exception
/// of `type`.
struct InvokeRefusal {
  int status;
  std::string type;
  std::string message;

  [[nodiscard]] HttpResponse response() const;

  static InvokeRefusal unknown_function(std::string_view arn);
  static InvokeRefusal unknown_path();
  static InvokeRefusal invalid_value(std::string_view value, std::string_view field,
                                     std::string_view constraint);
  static InvokeRefusal contradicting_qualifier();
  static InvokeRefusal invalid_payload();
  static InvokeRefusal invalid_client_context();
  static InvokeRefusal synchronous_too_large();
  static InvokeRefusal asynchronous_too_large(std::size_t size);
  static InvokeRefusal cut_off();
  static InvokeRefusal throttled();
  static InvokeRefusal not_admitted(const NotAdmitted& reason);
  static InvokeRefusal stopping();
};

/// Largest event of a call with invocation type Event.
inline constexpr std::size_t kLargestAsynchronousEvent = 1024 * 1024;

}  // namespace emulator
