// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cli {

/// The first `limit` bytes at most of what `bytes`, raw deflate data (RFC 1951), unpack to. nullopt: broken.
/// For data that anybody may have made: every read is checked, and no more than the limit is kept, so that a
/// small file cannot fill the memory. Small rather than fast (some 50 MB/s): packages are checked now and
/// then, and a library for this one use would come with every build and every licence list.
std::optional<std::string> inflate(std::string_view bytes, std::uint64_t limit);

}  // namespace cli
