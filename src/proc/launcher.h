// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proc/child.h"
#include "proc/command.h"

#include <sys/types.h>

#include <variant>
#include <vector>

namespace proc {

/// Starts a program: the one vfork and execve of the project. Private to this room; Child is its only caller
/// and owns the process that comes back. Blocks until exec has succeeded or failed. A failed start leaves
/// neither a process nor a descriptor behind.
std::variant<pid_t, LaunchError> launch(const Command& command,
                                        const std::vector<DescriptorMapping>& descriptors);

}  // namespace proc
