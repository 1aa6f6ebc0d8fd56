// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/check/check_options.h"
#include "cli/content/check_findings.h"
#include "cli/content/check_surroundings.h"
#include "cli/package/check_package.h"

#include <string>
#include <vector>

namespace cli {

/// Sizes, and whether its entries get unpacked: once for the package and once for each layer.
void check_sizes(const Package& package, const std::vector<Package>& layers, Findings& findings);

/// Every entry of package and layers: its modes, links, lines and what it needs. `started`: the path of the
/// entry that the bootstrap starts; empty where that is not of the package.
void check_entries(const Surroundings& all, const CheckOptions& options, const std::string& started,
                   Findings& findings);

}  // namespace cli
