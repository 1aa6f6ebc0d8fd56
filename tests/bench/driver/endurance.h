// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bench/driver/contestant.h"

#include <cstddef>
#include <string>
#include <vector>

namespace bench {

/// Peak memory of the process itself early on and after all of the calls: what grows is seen between the two.
struct Endurance {
  std::string failure;  ///< empty: measured
  std::size_t early_peak = 0;
  std::size_t final_peak = 0;
};
Endurance endure(const Contestant& contestant, std::size_t calls, const Place& place);

/// Invocations a second of a handler that waits, with as many at a time as the contestant polls for.
struct Throughput {
  std::string failure;  ///< empty: measured
  double per_second = 0;
  std::size_t family_memory = 0;  ///< proportional share of all its processes, before the first event
};
Throughput measure_throughput(const Contestant& contestant, std::size_t calls, const Place& place);

/// How long bash takes to start and to source a file: what a cold start of a shell function has to contain.
/// Milliseconds, the median of several; 0 if that fails.
double sourcing_time(const std::string& file, std::size_t times);

}  // namespace bench
