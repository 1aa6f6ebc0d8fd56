// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// Something in a shell script that may not work on the service.
struct ShellUse {
  enum class Kind { command, write, process_substitution, device };

  Kind kind;
  std::string word;  ///< the command, or the file
  std::size_t line;
};

/// What a script uses, as far as its words tell. Nothing is run or expanded: a word that depends on a
/// variable is left out, and so is what eval, awk, here-documents and quoted texts hold.
struct ShellScan {
  std::vector<ShellUse> uses;
  std::set<std::string> functions;  ///< that it defines, aliases included
  std::set<std::string> needs;      ///< that it declares: # needs: NAME...
  bool sets_path = false;           ///< assigns to PATH: commands may come from anywhere
};

/// Never fails: what cannot be understood is skipped.
ShellScan scan_shell(std::string_view text);

/// "# needs: NAME..." lines of any script, whose comments may begin with // -- ; or % as well.
std::set<std::string> declared_needs(std::string_view text);

}  // namespace cli
