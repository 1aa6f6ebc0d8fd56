// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/check_files.h"

#include <string>

namespace cli {

/// The handler setting or the command (SHELLSTRAP_COMMAND, or shellstrap.json of the package), found as the
/// bootstrap would find it in /var/task, and the size of the environment. Nothing is said of a handler where
/// none was given. Returns the path of the package's entry that the bootstrap starts; empty where there is
/// none, or where it is a shell function's file, which is sourced.
std::string check_configuration(const Surroundings& all, const CheckOptions& options, Findings& findings);

}  // namespace cli
