// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/content/check_findings.h"
#include "cli/content/check_surroundings.h"

#include <string>

namespace cli {

/// What the script at `path` of the package uses that the function may lack, or may not do.
void check_uses(const std::string& path, const ShellScan& scan, const Surroundings& all, Findings& findings);

}  // namespace cli
