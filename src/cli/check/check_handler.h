// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/check/check_files.h"

#include <string>

namespace cli {

/// What the settings make the bootstrap start.
struct Started {
  std::string path;  ///< the package's entry; empty: none, or a shell function's file, which is sourced
  bool has_program = false;  ///< something says what to start
};

/// The handler setting or the command (SHELLSTRAP_COMMAND, or shellstrap.json of the package), found as the
/// bootstrap would find it in /var/task, and the size of the environment. Nothing is said of a handler where
/// none was given.
Started check_configuration(const Surroundings& all, const CheckOptions& options, Findings& findings);

}  // namespace cli
