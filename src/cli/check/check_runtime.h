// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/content/check_findings.h"
#include "cli/package/check_package.h"

#include <vector>

namespace cli {

/// Whether Lambda finds a runtime, and whether that is shellstrap: the package's own bootstrap wins over one
/// of a layer. A folder without one is not packed yet; of a zip it is told.
void check_runtime(const Package& package, const std::vector<Package>& layers, Findings& findings);

}  // namespace cli
