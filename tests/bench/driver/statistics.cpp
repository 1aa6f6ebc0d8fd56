// SPDX-License-Identifier: Apache-2.0
#include "bench/driver/statistics.h"

#include <algorithm>
#include <cmath>

namespace bench {
namespace {

constexpr double kTail = 0.025;  // on either side of 95 %

// The greatest rank that the median lies below with a probability of at most kTail; 0: there is none. That so
// many of the values or fewer are below the median is as likely as so many heads in as many tosses.
std::size_t lower_rank(std::size_t count) {
  double log_term = -static_cast<double>(count) * std::log(2.0);
  double tail = std::exp(log_term);
  std::size_t rank = 0;
  while (tail <= kTail) {
    log_term += std::log(static_cast<double>(count - rank) / static_cast<double>(rank + 1));
    tail += std::exp(log_term);
    ++rank;
  }
  return rank;
}

}  // namespace

double percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

Interval median_interval(std::vector<double> values) {
  const auto rank = lower_rank(values.size());
  if (rank == 0) return {};
  std::ranges::sort(values);
  return {values[rank - 1], values[values.size() - rank]};
}

}  // namespace bench
