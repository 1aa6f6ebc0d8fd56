// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <string>

namespace bench {

/// What the kernel tells about a process that lives. Figures are 0 where it tells nothing.
std::size_t peak_memory(pid_t pid);    ///< VmHWM in bytes: since its exec, and without children
std::size_t family_memory(pid_t pid);  ///< Pss of it and all descendants in bytes: shared pages count once

/// User and system time of it, of all descendants, and of those of theirs that ended; a clock of 10 ms.
std::chrono::nanoseconds family_cpu_time(pid_t pid);

/// How a child ended that was not yet waited for, and the last line of its log. It stays to be waited for.
std::string ending_in_words(pid_t pid, const std::string& log);

}  // namespace bench
