// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "handler/spec/spec.h"

#include <optional>
#include <string>

namespace handler {

/// Has the handler started through a program that gets the handler's own command as its arguments: `wrapper`,
/// from AWS_LAMBDA_EXEC_WRAPPER; empty: none. A relative path starts at the task root. Reads the disk; what
/// is wrong with the wrapper comes back, what is odd goes to the warnings of `resolved`.
std::optional<InitProblem> start_through(const std::string& wrapper, const std::string& task_root,
                                         Resolved& resolved);

/// The command of a program, or of a shell that is started for functions, behind the words of a wrapper.
void put_behind(const std::vector<std::string>& wrapper, std::string& program,
                std::vector<std::string>& arguments);

}  // namespace handler
