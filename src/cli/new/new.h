// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/line/context.h"
#include "cli/line/verbs.h"

namespace cli {

/// shellstrap new: a folder with a function of one kind that works, its events with their answers, and a
/// template. Writes that folder and nothing else, and says on standard output what to do next.
int new_function(const Arguments& arguments, const Context& context);

/// See Verb::show_line.
void show_new_line(const LineReader& read);

}  // namespace cli
