// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace handler {

/// The words of `text` as a POSIX shell would split them: blanks separate; '…', "…" and backslash quote.
/// Nothing is expanded: $, `, *, ~, ;, | and & stand for themselves.
base::Result<std::vector<std::string>> split_shell_words(std::string_view text);

/// A command as a setting: a JSON array of strings where it starts with "[", else shell words. At least one
/// word.
base::Result<std::vector<std::string>> parse_command(std::string_view text);

}  // namespace handler
