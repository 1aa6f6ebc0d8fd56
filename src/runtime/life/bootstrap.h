// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/environment.h"
#include "base/log/logger.h"
#include "proc/setup/signals.h"

#include <string>
#include <vector>

namespace runtime {

/// Everything that the program `bootstrap` does: init, then serving until the environment ends. `arguments`:
/// without the program's name. Blocks; the exit status for _Exit.
int run_bootstrap(const std::vector<std::string>& arguments, const base::Environment& environment,
                  proc::SignalQueue& signals, base::Logger& logger);

}  // namespace runtime
