// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace bench {

/// The value that `share` of the values do not exceed (0.5: the median); 0 for none.
double percentile(std::vector<double> values, double share);

inline double median(std::vector<double> values) {
  return percentile(static_cast<std::vector<double>&&>(values), 0.5);
}

}  // namespace bench
