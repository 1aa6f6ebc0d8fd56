// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace handler {

/// What a file is by its suffix, where that is no shell's.
struct Language {
  std::string_view suffix;   ///< ".py"
  std::string_view name;     ///< "Python", "JSON", "Go source"
  std::string_view shebang;  ///< its first line as a script; empty: nothing that can be started
};

/// nullptr: no suffix, one of shells (.sh, .bash, .ksh, .zsh), or one that tells nothing (.tool, .txt,
/// .handler).
const Language* language_of(std::string_view path);

/// What a text of this language without a #! line comes to, and how to mend it: "is Python by its name, …".
std::string no_shebang_fault(const Language& language, std::string_view name);

}  // namespace handler
