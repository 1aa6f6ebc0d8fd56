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

/// Whether the interpreter is sh, bash, dash or ash.
bool names_shell(std::string_view interpreter);

/// Why a script with this line can never run, and how to mend it: "passes …". nullopt: it can, as far as the
/// line tells. The kernel passes all that follows the interpreter as one argument, blanks included.
std::optional<std::string> shebang_fault(const Shebang& shebang);

}  // namespace handler
