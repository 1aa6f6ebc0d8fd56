// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/line/verbs.h"

#include <string>

namespace cli {

/// What the program is, its verbs and first examples.
std::string usage_text();

/// shellstrap help: that, or the help of a verb, on standard output. Returns the exit status.
int help(const Arguments& arguments, const Context& context);
/// See Verb::show_line.
void show_help_line(const LineReader& read);

}  // namespace cli
