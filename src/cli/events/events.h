// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/line/context.h"
#include "cli/line/verbs.h"

namespace cli {

/// shellstrap events: names of the sample events, or one of them, on standard output. Returns the exit
/// status.
int events(const Arguments& arguments, const Context& context);

/// See Verb::show_line.
void show_events_line(const LineReader& read);

}  // namespace cli
