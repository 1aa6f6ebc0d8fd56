// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "handler/spec/spec.h"

#include <string>
#include <variant>
#include <vector>

namespace handler {

/// A file that is about to become the handler.
struct ProgramFile {
  std::string path;                    ///< absolute
  std::string name;                    ///< as the user wrote it, for messages
  std::vector<std::string> arguments;  ///< behind the program's name
};

/// How to start an existing file: itself, or its shebang's interpreter (else /bin/sh) where it lacks the run
/// bit or the shebang. What certainly cannot start is a problem with the fix in its sentence; what only may
/// not is a warning.
std::variant<Resolved, InitProblem> program_from_file(const ProgramFile& file);

}  // namespace handler
