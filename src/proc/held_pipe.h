// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"

#include <sys/types.h>

#include <chrono>

namespace proc {

/// How long a process that was forked just now may take to send its output elsewhere: it does so at once, but
/// it may have to wait for a processor.
constexpr std::chrono::milliseconds kHolderPatience{300};

/// Whether who has an output open means to keep it: it sleeps, as who is on its way elsewhere does not.
bool has_settled(pid_t pid);

/// Of a pipe that another process had open when a run was over: whether something was written to it
/// meanwhile, or one below us keeps it open. Blocks until that is so, or it is closed, or `patience` has
/// passed: who does neither by then is given the benefit of the doubt.
bool is_still_held(int read_end, base::Deadline patience);

}  // namespace proc
