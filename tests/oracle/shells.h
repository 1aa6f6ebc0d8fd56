// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "case.h"

#include <string_view>
#include <vector>

namespace oracle {

/// How far plain bash is followed.
enum class Until {
  end,  ///< of the shell, as with a call
  eof,  ///< until nobody is left who could write
};

/// The same in plain bash: `source` and a plain command, in one shell that was started for it.
struct PlainBash {
  std::string_view before_call{};  ///< shell text between `source` and the call
  Until until = Until::end;
  bool in_a_subshell = false;  ///< all of it
};

/// `at`: the file's path, written before; its folder is the working directory. Blocks until the shell has
/// ended, ten seconds at most.
Outcome in_plain_bash(const Case& body, const std::string& at, const PlainBash& how = {});

/// Does plain bash come as far as the call?
bool plain_bash_calls(const Case& body, const std::string& at);

/// A warm shell that sources the file, and calls of its function, one after the other. Blocks.
std::vector<Outcome> in_warm_shell(const Case& body, const std::string& at, int calls);

}  // namespace oracle
