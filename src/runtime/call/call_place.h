// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "handler/spec/spec.h"
#include "runtime/settings/settings.h"

#include <optional>
#include <string>
#include <variant>

namespace runtime {

/// Where programs start, absolute: SHELLSTRAP_DIRECTORY, or the task root. A folder that is not there is a
/// problem, and so is the setting where the handler is a shell function. Reads the disk.
std::variant<std::string, handler::InitProblem> find_directory(const Settings& settings,
                                                               const std::string& task_root,
                                                               const handler::Resolved& resolved);

/// Has the answer come out of the file that the command's own template names, where it names one. The
/// problem: a setting that does not go with it. Pure.
std::optional<handler::InitProblem> take_answer_file(Settings& settings, const handler::Resolved& resolved);

}  // namespace runtime
