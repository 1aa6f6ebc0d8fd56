// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bench/driver/bars.h"
#include "bench/driver/plan.h"
#include "bench/driver/statistics.h"

#include <string>
#include <vector>

namespace bench {

/// One contestant under one load, with two bootstraps: the plan's own (new) and the one that it is compared
/// with (old).
struct Comparison {
  std::string contestant;
  Load load;
  std::size_t calls_per_round = 0;
  std::string failure;         ///< empty: measured
  std::vector<double> ratios;  ///< of each round: p50 of the new one / p50 of the old one
  double median = 0;
  Interval interval;  ///< of the median, see median_interval()
};

/// Both have their turn in every round, every other round in reverse order, and each turn is another life of
/// its process: where memory and processors happened to put one is no part of the result, and the rounds do
/// not depend on each other. Executable and function with 20 B and 100 KB, unless the plan chooses other
/// ones.
std::vector<Comparison> compare_bootstraps(const Plan& plan);

/// A shell function may take 3 % longer than it did, and that has to be seen.
std::vector<Bar> judge(const std::vector<Comparison>& comparisons);

}  // namespace bench
