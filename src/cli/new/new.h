// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/line/context.h"

namespace cli {

/// shellstrap new: a folder with a function of one kind that works, its events with their answers, and a
/// template. Writes that folder and nothing else, and says on standard output what to do next.
int new_function(const Arguments& arguments, const Context& context);

}  // namespace cli
