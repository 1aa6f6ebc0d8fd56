// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstddef>

namespace emulator {

/// Peak resident memory of one process since its exec, in KiB; 0 when it is gone. Reads /proc only.
std::size_t peak_memory_kib(pid_t pid);

/// The same of a process and of those of its descendants that live at this moment, added up.
/// Pages that they share count more than once, and a process that came and went between two looks is not
/// seen. The root alone on kernels without /proc/PID/task/TID/children; 0 when it is gone. Tens of
/// microseconds; reads /proc only.
std::size_t tree_peak_memory_kib(pid_t root);

}  // namespace emulator
