// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/check/check_options.h"
#include "cli/content/check_findings.h"
#include "cli/package/check_package.h"

#include <string>
#include <vector>

namespace cli {

/// The folders and zip files of layers; the error of the first that is none.
base::Result<std::vector<Package>> open_layers(const std::vector<std::string>& paths);

/// Adds all that check finds in a function's package and in the layers that it has. Reads their files. False:
/// neither options nor package say what is to be started, so that was not looked at.
bool check_whole(const Package& package, const std::vector<Package>& layers, const CheckOptions& options,
                 Findings& findings);

/// "function.zip: 1 error, 0 warnings in 3 entries". `has_program`: what check_whole() returned.
std::string summary(const Findings& findings, const Package& package, bool has_program);

}  // namespace cli
