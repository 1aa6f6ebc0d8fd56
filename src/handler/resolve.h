// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "handler/spec/spec.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace handler {

/// What decides which handler runs; see docs/handlers.md.
struct Request {
  std::vector<std::string> arguments;               ///< bootstrap's own, without its name
  std::optional<std::vector<std::string>> command;  ///< SHELLSTRAP_COMMAND, parsed; may hold templates
  std::string handler;                              ///< _HANDLER; may be empty
  std::string task_root;                            ///< an existing directory, absolute
  std::string path;                                 ///< PATH for commands without a slash
};

/// Finds the handler and checks that it can start. Reads the disk, runs nothing. The first word of a command
/// without a slash is looked up on PATH; a relative one with a slash starts at the task root.
std::variant<Resolved, InitProblem> resolve(const Request& request);

}  // namespace handler
