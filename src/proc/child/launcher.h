// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proc/child/child.h"
#include "proc/setup/command.h"

#include <sys/types.h>

#include <atomic>
#include <optional>
#include <vector>

namespace proc {

struct Launched {
  pid_t pid = -1;  ///< -1: there is no process
  std::optional<LaunchError>
      refused{};  ///< the process, where there is one, is not the program: it ends at once
};

/// Starts a program: the one vfork and execve of the project. Private to this room; Child is its only caller
/// and owns the process that comes back. Blocks until exec has succeeded or failed. `announced`, where given,
/// is the child's number before the child does anything else, and before this returns.
Launched launch(const Command& command, const std::vector<DescriptorMapping>& descriptors,
                std::atomic<pid_t>* announced);

}  // namespace proc
