// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cli {

/// A #! line that the kernel does not take for one.
struct LostShebang {
  std::size_t line;     ///< that it stands in
  std::string written;  ///< as it stands there
  std::string meant;    ///< as line 1 should be
};

/// A misspelt one in line 1 ("# !/bin/sh", "!#/bin/sh", "#/bin/bash"), or a good one behind blank lines and
/// comments. `head`: the first bytes of a file that does not begin with a #! line. nullopt: neither.
std::optional<LostShebang> find_lost_shebang(std::string_view head);

}  // namespace cli
