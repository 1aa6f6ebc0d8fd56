// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace handler {

/// Shell options as they stand behind `set -`, with or without the dash: "euo pipefail" gives {"-euo",
/// "pipefail"}. The error names what is not an option that may be set from outside. Pure.
base::Result<std::vector<std::string>> parse_shell_options(std::string_view text);

}  // namespace handler
