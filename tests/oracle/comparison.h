// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "case.h"
#include "excuses.h"

#include <string>
#include <vector>

namespace oracle {

struct Comparison {
  bool same = false;                      ///< with or without an excuse
  std::vector<const Excuse*> excused_by;  ///< none: nothing had to be excused
  Outcome plain;                          ///< of the case as it is
  Outcome warm;                           ///< of the first call that differs, else of the first
};

/// Runs the case in plain bash and, twice, as a call. Writes the file into `folder`, which is the working
/// directory of both. Blocks for some ten milliseconds.
Comparison compare(const Case& body, const std::string& folder);

/// For people: file, event, both outcomes.
std::string in_words(const Case& body, const Comparison& comparison);

}  // namespace oracle
