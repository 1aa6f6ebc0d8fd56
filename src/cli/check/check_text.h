// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/check/check_entry.h"

#include <string>

namespace cli {

/// Whether a text gets started as its author meant: its encoding, its #! line, its line ends; in the package
/// also what a shell script uses. `head`: the first kHead bytes, which are no program's.
void check_text(const CheckedEntry& checked, const std::string& head);

}  // namespace cli
