// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <vector>

namespace proc {

/// The living children of a process with one thread, which is not necessarily this one. Private to this room.
std::vector<pid_t> living_children_of(pid_t parent);

/// SIGKILL to `pid` if it is a child of `parent` still, and not another process with the same number by now.
void kill_child_of(pid_t parent, pid_t pid);

}  // namespace proc
