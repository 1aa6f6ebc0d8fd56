// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace handler {

/// "macOS" or "Windows" for a program or library of that system, empty for all else. `head`: the first bytes
/// of a file (Windows: up to its second header, within 4 KiB).
std::string_view foreign_system(std::string_view head);

}  // namespace handler
