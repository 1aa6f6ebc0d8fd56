// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/environment.h"
#include "base/log/logger.h"
#include "proc/setup/signals.h"

#include <string>
#include <vector>

namespace cli {

/// What main hands to a verb; everything is borrowed for the time of the call.
struct Context {
  const base::Environment& environment;
  proc::SignalQueue& signals;  ///< SIGINT, SIGTERM and SIGHUP
  base::Logger& logger;        ///< standard error
};

/// Exit statuses of every verb; after a signal 128 + its number.
inline constexpr int kSuccess = 0;
inline constexpr int kFunctionError = 1;
inline constexpr int kUsageError = 2;  ///< also: the function could not be initialised

using Arguments = std::vector<std::string>;

}  // namespace cli
