// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/spool.h"

#include <optional>
#include <string>
#include <string_view>

namespace event {

/// Where and why `bytes` are not one JSON value: "line 3, column 17 (byte 40): unexpected end of input".
/// nullopt: they are. Builds nothing and says nothing of the content. Pure.
std::optional<std::string> json_fault(const base::Spool& bytes);
std::optional<std::string> json_fault(std::string_view text);

/// The byte at which `bytes` stop being UTF-8; nullopt: they are. Pure.
std::optional<std::string> text_fault(const base::Spool& bytes);

}  // namespace event
