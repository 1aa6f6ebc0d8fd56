// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/line/verbs.h"

#include <string>

namespace cli {

/// The page shellstrap(1), as man reads it, made from the table of verbs.
std::string program_page();
/// The page shellstrap-settings(5), made from handler/setting_table.
std::string settings_page();

/// shellstrap man: prints one of them. Returns the exit status.
int man(const Arguments& arguments, const Context& context);
/// See Verb::show_line.
void show_man_line(const LineReader& read);

}  // namespace cli
