// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace emulator {

inline constexpr auto kEventStreamType = "application/vnd.amazon.eventstream";

/// One message of an AWS event stream: lengths, headers, payload, and a CRC-32 over each. Pure.
std::string event_message(std::string_view event_type, std::string_view content_type,
                          std::string_view payload);

}  // namespace emulator
