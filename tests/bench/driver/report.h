// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bench/driver/results.h"

#include <string>

namespace bench {

void print(const Results& results);

/// Everything that was printed and the machine it was measured on. For scripts/bench-plot and for comparing.
bool write_json(const Results& results, const std::string& file);

}  // namespace bench
