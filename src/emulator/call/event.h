// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "emulator/call/answer_listener.h"

#include <chrono>
#include <memory>
#include <string>

namespace emulator {

/// One call of the function: what GET next delivers. Texts that are empty are not sent. They become header
/// values, so whoever fills them checks that they are one line.
struct Event {
  std::string request_id;  ///< never empty
  std::string payload;     ///< any bytes, at most 6 MiB (checked by whoever takes it from a user)
  std::string function_arn;
  std::string trace_id;
  std::string client_context;  ///< JSON
  std::string cognito_identity;
  std::string tenant_id;
  std::chrono::milliseconds timeout{3000};  ///< runs from the delivery, not from the call
  bool wants_log = false;                   ///< the caller looks at Place::Served::log
  /// Gets a streamed answer while it comes. Where there is none, it is collected like any other.
  std::shared_ptr<AnswerListener> listener{};
};

}  // namespace emulator
