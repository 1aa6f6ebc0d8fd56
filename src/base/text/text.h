// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace base {

/// `bytes` with every broken UTF-8 sequence replaced by U+FFFD. Valid text comes back unchanged.
std::string repair_utf8(std::string_view bytes);

/// The last `limit` bytes at most, cut so that no UTF-8 character is torn.
std::string_view utf8_tail(std::string_view text, std::size_t limit);

/// ASCII only: what locales do to letters never matters on a wire.
std::string ascii_upper(std::string_view text);
std::string ascii_lower(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);

/// Without blanks, tabs, CR and LF at both ends.
std::string_view trim(std::string_view text);

/// Where `offset` is in `text`, for messages: "line 3, column 6 (byte 17)", all counted from 1.
std::string place_in(std::string_view text, std::size_t offset);

std::vector<std::string_view> split(std::string_view text, char separator);

/// `parts` with `separator` between them.
std::string join(const std::vector<std::string>& parts, std::string_view separator);

}  // namespace base
