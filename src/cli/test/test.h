// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/line/context.h"

namespace cli {

/// shellstrap test: the cases of a function's folder, the results on standard output. Returns the exit
/// status, when everything that was started has ended. Call on the main thread.
int test(const Arguments& arguments, const Context& context);

}  // namespace cli
