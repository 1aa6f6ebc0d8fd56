// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace handler {

/// The variables that a call has on the service, and each one has these; in the order of a message.
inline constexpr std::array<std::string_view, 9> kUsualVariables = {
    "AWS_LAMBDA_REQUEST_ID",      "AWS_LAMBDA_DEADLINE_MS",
    "AWS_LAMBDA_FUNCTION_ARN",    "AWS_LAMBDA_TRACE_ID",
    "_X_AMZN_TRACE_ID",           "LAMBDA_RUNTIME_AWS_REQUEST_ID",
    "LAMBDA_RUNTIME_DEADLINE_MS", "LAMBDA_RUNTIME_INVOKED_FUNCTION_ARN",
    "LAMBDA_RUNTIME_TRACE_ID"};

/// What shell_driver.bash reads before the event.
struct ShellMessage {
  std::string text;  ///< each part with a NUL behind it
  std::size_t parts = 0;
};

/// Of variables as "NAME=value", in any order: the values alone where they are the usual ones, which costs
/// bash half of what exporting by name does; else an empty part and then all of them as they are. Pure.
ShellMessage shell_message(const std::vector<std::string>& variables);

}  // namespace handler
