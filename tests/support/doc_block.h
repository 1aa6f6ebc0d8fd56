// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace support {

/// The first block of code below a heading of a page of docs/, without its fences. Aborts the test program
/// where there is none: `heading` as it stands there, with its marks ("## Letters").
std::string doc_block(std::string_view page, std::string_view heading);

}  // namespace support
