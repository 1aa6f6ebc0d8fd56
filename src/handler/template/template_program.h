// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "handler/spec/template.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace handler {

/// What a command's words are to the program that reads them.
struct ProgramReading {
  /// A word that an event must not decide.
  struct Misuse {
    std::size_t word;
    std::string what;  ///< "it is what sh runs", say
  };
  std::optional<Misuse> misuse;
  std::optional<Misuse> doubt;  ///< the same, where it only may do harm
  std::size_t arguments = 1;    ///< the first word that is none of env's or of another that starts a program
};

/// Reads the words as the programs that we know do: interpreters, also behind env, timeout and their like.
/// Their code, script and options must not depend on the event, since that would run it. Pure.
ProgramReading read_program(const std::vector<Template>& words);

}  // namespace handler
