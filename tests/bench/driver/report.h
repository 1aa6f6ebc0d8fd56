// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bench/driver/comparison.h"
#include "bench/driver/results.h"

#include <string>
#include <vector>

namespace bench {

void print(const Results& results);
void print(const std::vector<Comparison>& comparisons);

/// Everything that was printed and the machine it was measured on. For scripts/bench-plot and for comparing.
bool write_json(const Results& results, const std::string& file);
bool write_json(const std::vector<Comparison>& comparisons, const std::string& file);

}  // namespace bench
