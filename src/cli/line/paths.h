// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace cli {

/// Absolute, without symbolic links; an error where `path` is no directory.
base::Result<std::string> absolute_directory(const std::string& path);

/// Names of what is in a folder, hidden ones included, sorted.
base::Result<std::vector<std::string>> names_in(const std::string& folder);

/// The program that runs functions: `path`, or where it is empty that for `machine` (e_machine of <elf.h>):
/// "bootstrap" beside this very program where it is for the same machine, then
/// "share/shellstrap/ARCH/bootstrap" there (an unpacked archive) and beside its folder (an installation:
/// PREFIX/bin and PREFIX/share). Absolute. The first that exists counts, and is an error if it cannot be run.
base::Result<std::string> find_bootstrap(const std::string& path, std::uint16_t machine);

/// A handler, or the first word of a command, as the bootstrap reads it: relative to the task root. What does
/// not exist there but does in the current directory becomes absolute; everything else stays as the user
/// wrote it.
std::string relative_to_task_root(const std::string& handler, const std::string& task_root);

}  // namespace cli
