// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/line/verbs.h"

#include <string>

namespace cli {

// Scripts that complete the verbs and options of the table, and what they take, each for one shell.
std::string bash_completions();
std::string zsh_completions();
std::string fish_completions();

/// shellstrap completions: prints one of them. Returns the exit status.
int completions(const Arguments& arguments, const Context& context);
/// See Verb::show_line.
void show_completions_line(const LineReader& read);

}  // namespace cli
