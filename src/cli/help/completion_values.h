// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cli {

struct NoValue {};                           ///< a flag
struct FreeValue {};                         ///< nobody can know it
struct PathValue {};                         ///< a file or a folder
using WordValue = std::vector<std::string>;  ///< one of these

/// What a shell can offer for an argument.
using CompletionValue = std::variant<NoValue, FreeValue, PathValue, WordValue>;

/// By the text of an option or positional, as Verb::show_line says.
CompletionValue completion_of(std::string_view value);

/// `text` as one word of a POSIX shell, in single quotes.
std::string single_quoted(std::string_view text);

}  // namespace cli
