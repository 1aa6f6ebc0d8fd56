// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace handler {

/// The first line of a script, as the kernel reads it.
struct Shebang {
  std::string interpreter;
  std::string argument;  ///< everything behind the interpreter, one argument to the kernel; may be empty
  bool ends_in_carriage_return = false;
};

/// `head`: the first bytes of a file. nullopt: no "#!", or nothing behind it.
std::optional<Shebang> parse_shebang(std::string_view head);

}  // namespace handler
