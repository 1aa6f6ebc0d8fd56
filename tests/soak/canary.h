// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace soak {

/// A value that stands in the bootstrap's environment and must be seen nowhere else.
std::string random_canary();

/// 0 where there is none.
std::size_t size_of_file(const std::string& file);

/// Lines of a file, from that offset on, that hold the text.
std::size_t count_lines_with(const std::string& text, const std::string& file, std::size_t from);

}  // namespace soak
