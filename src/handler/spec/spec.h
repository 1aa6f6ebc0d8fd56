// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/wire/error_type.h"
#include "handler/spec/template.h"

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

namespace handler {

/// A program to start for every invocation.
struct ProgramSpec {
  std::string program;                 ///< path for execve
  std::vector<std::string> arguments;  ///< argv, the program's name first
  /// Of the last arguments, one each, where some depend on the event; else empty.
  std::vector<Template> templates{};
  std::size_t first_guarded = 0;  ///< of the templates: the first one that the program itself reads
  std::string answer_file{};      ///< that a template names, and that becomes the answer; empty: none
};

/// A function of a shell file.
struct ShellFunctionSpec {
  std::string file;  ///< path of the file to source
  std::string function;
  std::vector<std::string> wrapper{};  ///< words that the shell is started behind; empty: none
};

using Spec = std::variant<ProgramSpec, ShellFunctionSpec>;

/// Why there is no handler: what is reported as init error.
struct InitProblem {
  api::ErrorType type;
  std::string message;               ///< names the thing, what was tried, and the fix
  std::vector<std::string> lines{};  ///< the last ones that the handler printed meanwhile
};

/// The outcome of looking for a handler.
struct Resolved {
  Spec spec;
  std::string name;                   ///< what errors and logs call it: as the user wrote it
  std::vector<std::string> warnings;  ///< one sentence each, for the log, once
};

}  // namespace handler
