// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace handler {

/// Whether lines of the file end in CR LF: of its first MiB. Reads the disk.
bool has_carriage_returns(const std::string& path);

/// The fix for those.
std::string how_to_convert_line_ends(const std::string& path);

}  // namespace handler
