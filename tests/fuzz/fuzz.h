// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

/// Each target defines this: hands `input` to one parser of foreign bytes, and requires what its header
/// promises for any input. Called any number of times in one process; never with a NUL byte behind the end.
void fuzz(std::string_view input);

namespace fuzzing {

/// Ends the program where a promise is broken: a finding.
inline void require(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", promise);
  std::abort();
}

/// What stands before the first `separator`, which is taken off `rest`, too; all of it where there is none.
inline std::string_view take_until(std::string_view& rest, char separator) {
  const auto part = rest.substr(0, rest.find(separator));
  rest.remove_prefix(part.size() < rest.size() ? part.size() + 1 : part.size());
  return part;
}

}  // namespace fuzzing
