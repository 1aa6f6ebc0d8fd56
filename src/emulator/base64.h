// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace emulator {

/// RFC 4648, with padding. Pure.
std::string base64_encode(std::string_view bytes);
/// nullopt: it is none.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace emulator
