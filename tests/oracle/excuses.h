// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "case.h"
#include "shells.h"

#include <optional>
#include <span>
#include <string>

namespace oracle {

/// A case in which a difference by nature cannot show: what is left must be the same on both sides. So an
/// excuse never covers anything but what it is for.
struct Neutral {
  Case body;
  std::string before_call{};  ///< for plain bash
  Until until = Until::eof;
  bool in_a_subshell = false;  ///< plain bash is, as a call is
  bool without_jobs = false;   ///< nothing is made of what bash says about jobs
};

/// One row of "Differences from plain bash" in docs/shell-functions.md.
struct Excuse {
  const char* name;
  /// Takes itself out of the case, where it applies.
  bool (*neutralise)(Neutral& neutral);
};

std::span<const Excuse> excuses();

}  // namespace oracle
