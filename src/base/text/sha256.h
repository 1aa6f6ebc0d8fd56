// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace base {

/// The 32 bytes of SHA-256 (FIPS 180-4). Pure. To compare contents by; nothing here is secret.
std::string sha256(std::string_view bytes);

}  // namespace base
