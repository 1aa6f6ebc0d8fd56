// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/environment.h"
#include "emulator/environment/function.h"

#include <string>

namespace cli {

/// Why our bootstrap could not serve the function's handler as things stand, in its own words; empty: it
/// could, as far as the disk tells. `own`: the environment of this program. Reads the disk, and runs nothing.
std::string fault_of_handler(const emulator::Function& function, const base::Environment& own);

}  // namespace cli
