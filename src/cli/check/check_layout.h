// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/check/check_options.h"
#include "cli/content/check_findings.h"
#include "cli/package/check_package.h"

#include <optional>
#include <string>

namespace cli {

/// The one folder that all of the package lies in; nullopt where something stands at its top. What macOS adds
/// does not count.
std::optional<std::string> only_folder(const Package& package);

/// Names that are not what they look like once they are unpacked, and a package that is a folder too deep.
/// For a layer with `options` of nullptr.
void check_layout(const Package& package, const CheckOptions* options, Findings& findings);

}  // namespace cli
