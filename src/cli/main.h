// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/line/context.h"

namespace cli {

/// The program `shellstrap`: finds the verb in `arguments` (without the program's name) and runs it. Returns
/// the exit status. Call on the main thread.
int run(const Arguments& arguments, const Context& context);

}  // namespace cli
