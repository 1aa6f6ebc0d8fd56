// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cli {

using Variables = std::vector<std::pair<std::string, std::string>>;

/// "NAME=value" as --env takes it. Names that Lambda would not take are errors.
base::Result<std::pair<std::string, std::string>> parse_variable(std::string_view text);

/// The text of a --env-file: a variable a line; empty lines and lines that start with # are skipped, blanks
/// before the name and "export" are dropped. Of a value that stands in quotes, single or double, it is what
/// is between them; behind them, and behind a value without quotes after a blank, a comment (#) may follow.
/// Nothing is expanded, and a backslash is one. Errors name the line.
base::Result<Variables> parse_variables(std::string_view text);

}  // namespace cli
