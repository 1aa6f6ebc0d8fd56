// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/package/check_package.h"
#include "handler/program/shebang.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace cli {

/// As much of a file as tells what it is, and the most of a script that is read.
inline constexpr std::uint64_t kHead = 4096;
inline constexpr std::uint64_t kLongestScript = 4U << 20U;

/// The last part of a path.
std::string file_name(const std::string& path);

/// Whether an entry of this path is unpacked into the package: it is not absolute, and goes nowhere by "..".
bool leads_inside(std::string_view path);

/// Whether the function's user, who is neither owner nor group, may execute it; of a link it is not known.
bool can_run(const PackageEntry& entry);

/// Of a #! line: /usr/bin/env NAME stands for NAME.
std::string interpreter_of(const handler::Shebang& shebang);

/// Whether the name ends in .sh or .bash.
bool has_shell_name(const std::string& path);

/// By its first line, else by its name. Not what is in UTF-16 or UTF-32: its words cannot be read.
bool is_shell_script(const PackageEntry& entry, const std::string& head);

}  // namespace cli
