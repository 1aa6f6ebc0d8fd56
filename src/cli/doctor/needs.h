// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/environment.h"

#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// Something that a verb uses on this machine, and what was found.
struct Need {
  std::string_view verb;
  std::string what;     ///< "bash", "user namespaces"
  std::string purpose;  ///< what of the verb needs it, as "for --like-lambda"; empty: all of it
  std::string found;    ///< where it is; empty: it is missing
  std::string remedy;   ///< how to get it

  [[nodiscard]] bool is_missing() const { return found.empty(); }
};

/// Of all verbs, in the order of the table. `own`: the environment of this program, for PATH. Reads the disk,
/// and runs nothing.
std::vector<Need> needs(const base::Environment& own);

}  // namespace cli
