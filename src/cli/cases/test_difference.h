// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// `text` for one line of output: what a terminal would obey, or is no UTF-8, as \n, \t, \x1b; at most
/// `limit` bytes of it, beginning at `from` or shortly before, with "..." for what was left out.
std::string shown(std::string_view text, std::size_t from = 0, std::size_t limit = 160);

/// Where two texts that are not equal begin to differ: the number of that line, and the line of each, in a
/// form for output. Pure.
std::vector<std::string> first_difference(std::string_view expected, std::string_view answer);

}  // namespace cli
