// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// A word as a shell would have to be given it, to be read by people: nothing here is given to one. Pure.
std::string shell_word(std::string_view word);

/// The words of a command, the program first, with blanks between them. Pure.
std::string shell_line(const std::vector<std::string>& words);

}  // namespace cli
