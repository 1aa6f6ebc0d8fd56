// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "emulator/environment/function.h"

#include <string>

namespace emulator {

/// What tells a changed function from an unchanged one: times, sizes and numbers of the files that an
/// environment reads at its start, which are the handler's, those that FILE.FUNCTION can mean, and
/// shellstrap.json. Equal texts: nothing has changed. Reads the disk; files that those include are not known.
std::string sources_of(const Function& function);

}  // namespace emulator
