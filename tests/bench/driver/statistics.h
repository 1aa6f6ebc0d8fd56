// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace bench {

/// The value that `share` of the values do not exceed (0.5: the median); 0 for none.
double percentile(std::vector<double> values, double share);

inline double median(std::vector<double> values) {
  return percentile(static_cast<std::vector<double>&&>(values), 0.5);
}

/// Where the median of what the values were drawn from lies, with 95 % confidence.
struct Interval {
  double low = 0;
  double high = 0;
};

/// Between two order statistics, the ranks from the binomial distribution: nothing is assumed of the values
/// but that they were drawn independently. Of 200 values the 86th and the 115th. Fewer than 6 values have no
/// such interval: then it is {0, 0}.
Interval median_interval(std::vector<double> values);

}  // namespace bench
