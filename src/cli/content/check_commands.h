// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace cli {

/// Whether provided.al2023 has a program of that name, as far as scripts/data/provided.al2023-commands.txt
/// knows.
bool image_has_command(std::string_view name);

/// When that list was drawn up: "2026-11-23".
std::string_view image_list_date();

/// Whether sh or bash has it built in, keywords not meant.
bool is_shell_builtin(std::string_view name);

}  // namespace cli
