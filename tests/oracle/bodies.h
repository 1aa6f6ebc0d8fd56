// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "case.h"

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace oracle {

/// A function file in its three parts.
struct Body {
  std::string name;
  std::string before;    ///< the file up to the function
  std::string function;  ///< what stands in the function
  std::string after;
};

/// The parts are lines; the function begins at `handler() {` and ends at the first `}` that starts a line.
Body body_of(std::string name, std::string_view file);
std::string file_of(const Body& body);

std::ostream& operator<<(std::ostream& out, const Body& body);

/// Every one that was written by hand: of the files `tests/oracle/bodies/TOPIC.bash`, where a line `## Name`
/// begins each of them. Sorted by topic.
std::vector<Body> bodies_by_hand();

}  // namespace oracle
