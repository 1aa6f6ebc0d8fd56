// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <ratio>

namespace proc {

/// Since the system's start, as /proc tells it: in steps of 10 ms.
using ProcessTime = std::chrono::duration<unsigned long long, std::ratio<1, 100>>;

}  // namespace proc
