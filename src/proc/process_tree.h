// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <vector>

namespace proc {

/// The children of a process, which is not necessarily this one, and of all its threads; zombies, too.
std::vector<pid_t> children_of(pid_t parent);

/// SIGKILL to `pid` if it is a child of `parent` still, and not another process with the same number by now.
/// False: it is not, or has ended, and what was below it belongs to somebody else already.
bool kill_child_of(pid_t parent, pid_t pid);

/// SIGSTOP to `root`, which must not be reaped meanwhile, and to everything below it, parents first: a
/// stopped parent neither forks nor reaps, so that no number can change hands. What detached itself stays
/// out.
void freeze_tree(pid_t root);
/// SIGCONT to the same, children first.
void thaw_tree(pid_t root);

}  // namespace proc
