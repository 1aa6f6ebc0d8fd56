// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/line/context.h"

namespace cli {

/// shellstrap events: names of the sample events, or one of them, on standard output. Returns the exit
/// status.
int events(const Arguments& arguments, const Context& context);

}  // namespace cli
