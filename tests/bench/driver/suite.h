// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bench/driver/plan.h"
#include "bench/driver/results.h"

namespace bench {

/// Runs all of it and says on stderr what is under way. A part of the table, where the plan asks for one,
/// comes without cold starts, notes and bars.
Results run(const Plan& plan);

}  // namespace bench
