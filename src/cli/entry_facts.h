// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/check_package.h"
#include "handler/shebang.h"

#include <cstdint>
#include <string>

namespace cli {

/// As much of a file as tells what it is, and the most of a script that is read.
inline constexpr std::uint64_t kHead = 4096;
inline constexpr std::uint64_t kLongestScript = 4U << 20U;

/// The last part of a path.
std::string file_name(const std::string& path);

/// Whether the function's user, who is neither owner nor group, may execute it; of a link it is not known.
bool can_run(const PackageEntry& entry);

/// Of a #! line: /usr/bin/env NAME stands for NAME.
std::string interpreter_of(const handler::Shebang& shebang);

/// By its first line, else by its name.
bool is_shell_script(const PackageEntry& entry, const std::string& head);

}  // namespace cli
