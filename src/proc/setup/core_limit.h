// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace proc {

/// From now on this process and its children leave no core files: the soft limit of their size (RLIMIT_CORE)
/// is 0. The hard one stays, so that whoever wants one raises his own (`ulimit -c unlimited`). Here and not
/// in each child, where it would cost a system call; a refusal is not an error.
void leave_no_core_files();

}  // namespace proc
