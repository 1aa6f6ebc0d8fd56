// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"

#include <chrono>

namespace proc {

/// How long it takes a process that was forked just now to send its output elsewhere, where it gets a
/// processor.
constexpr std::chrono::milliseconds kHolderPatience{10};

/// Of a pipe that another process had open when a run was over: whether something was written to it
/// meanwhile, or it is still open when `patience` has passed. Blocks until then, unless it is closed.
bool is_still_held(int read_end, base::Deadline patience);

}  // namespace proc
