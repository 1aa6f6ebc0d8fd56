// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proc/setup/signals.h"

#include <functional>

namespace emulator {

/// Runs `work` on a thread of its own while the calling thread, main, waits for signals. `work` gets a
/// descriptor that becomes readable with the first signal, and returns an exit status. Each signal calls
/// `cancel` (on the main thread: it must not block), which has to make `work` return soon. Returns the status
/// of `work`, or 128 + the number of the first signal.
int run_until_signal(proc::SignalQueue& signals, const std::function<int(int stop_fd)>& work,
                     const std::function<void()>& cancel);

}  // namespace emulator
