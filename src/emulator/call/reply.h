// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proc/child/exit_state.h"

#include <chrono>
#include <string>
#include <string_view>
#include <variant>

namespace emulator {

/// The runtime answered: the bytes of POST response, as they came.
struct Answered {
  std::string payload;
  std::string content_type;
};
/// The answer was streamed to the call's listener. An error came behind it; empty type: none did.
struct Streamed {
  std::string error_type;
  std::string error_payload;
};
/// The runtime reported an error, or its answer was none (too large, cut off). The payload is what a caller
/// gets.
struct FunctionFailed {
  std::string error_type;
  std::string payload;
};
/// No answer before the deadline.
struct TimedOut {
  std::chrono::milliseconds allotted;
};
/// The runtime posted an init error.
struct InitFailed {
  std::string error_type;
  std::string payload;
};
/// The runtime did not ask for an event within the limit for init.
struct InitTimedOut {
  std::chrono::milliseconds limit;
};
/// The runtime's process ended without an answer. Status 0 is a failure like any other.
struct RuntimeExited {
  proc::ExitState state;
};
/// There is no runtime: it could not be started.
struct NotStarted {
  std::string reason;
};
/// The emulator is being stopped.
struct Cancelled {};

/// What became of a call.
using Reply = std::variant<Answered, Streamed, FunctionFailed, TimedOut, InitFailed, InitTimedOut,
                           RuntimeExited, NotStarted, Cancelled>;

/// A reply as the service words it for the caller. Pure.
struct ServiceAnswer {
  std::string payload;
  std::string content_type;
  std::string error_type;  ///< empty: success

  [[nodiscard]] bool is_error() const { return !error_type.empty(); }
};
ServiceAnswer service_answer(const Reply& reply, std::string_view request_id);

/// "3.00": as the service writes seconds in "Task timed out after 3.00 seconds".
std::string seconds_text(std::chrono::milliseconds time);

}  // namespace emulator
