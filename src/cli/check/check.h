// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/line/context.h"

namespace cli {

/// shellstrap check: what would keep a package from running on the service, as far as its files tell. Reads
/// the package, runs nothing of it. Returns kSuccess, kFindings or kUsageError.
int check(const Arguments& arguments, const Context& context);

/// Exit status: there are errors (with --strict: or warnings).
inline constexpr int kFindings = 1;

}  // namespace cli
