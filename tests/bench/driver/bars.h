// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bench/driver/endurance.h"
#include "bench/driver/results.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace bench {

/// What the bars need beside the table.
struct Extras {
  std::size_t program_size = 0;  ///< of bootstrap, bytes
  double sourcing_time = 0;      ///< milliseconds
  std::size_t endurance_calls = 0;
  Endurance executable;
  Endurance function;
  Throughput one;
  Throughput sixteen;
};

/// docs/performance.md has the same list, and says what each is good for.
std::vector<Bar> judge(const Results& results, const Extras& extras);

}  // namespace bench
