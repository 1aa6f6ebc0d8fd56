// SPDX-License-Identifier: Apache-2.0
// A shell script of a package, as `shellstrap check` looks through it.
#include "cli/content/check_script.h"
#include "fuzz.h"

#include <algorithm>

using fuzzing::require;

void fuzz(std::string_view input) {
  const auto lines = static_cast<std::size_t>(std::count(input.begin(), input.end(), '\n')) + 1;
  const auto scan = cli::scan_shell(input);
  for (const auto& use : scan.uses) {
    require(!use.word.empty(), "what is used has a name");
    require(use.line >= 1 && use.line <= lines, "and a place in the script");
  }
  require(scan.needs == cli::declared_needs(input), "what is declared does not depend on the rest");
}
