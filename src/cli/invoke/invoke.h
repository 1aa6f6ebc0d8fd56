// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/line/context.h"

namespace cli {

/// shellstrap invoke: one environment, one or more events, the responses on standard output. Returns the exit
/// status, when everything that was started has ended. Call on the main thread.
int invoke(const Arguments& arguments, const Context& context);

}  // namespace cli
