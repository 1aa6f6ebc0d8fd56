// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan.h"

#include <cstddef>
#include <string>
#include <string_view>

/// Requests and replies of the Runtime API, as far as the soak needs them. Pure.
namespace soak::wire {

inline constexpr std::string_view kBlankLine = "\r\n\r\n";

struct Request {
  bool is_next = false;
  bool is_error = false;
  std::size_t number = 0;  ///< of the invocation that is answered
  std::string error_type;
  std::size_t length = 0;  ///< of the body
};

Request parse(std::string_view head);

std::string event(std::size_t number, long long deadline, std::string_view body);
std::string status(int status);

/// Whether an answer is what a handler does that nobody disturbs.
bool answers(Action action, std::string_view event, const Request& request, std::string_view body);

}  // namespace soak::wire
