// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/content/check_findings.h"

#include <string>
#include <vector>

namespace cli {

/// Where findings come from, as it was named on the command line.
struct CheckedPlaces {
  std::string folder;               ///< of the package, put before its paths; empty where it is no folder
  std::vector<std::string> layers;  ///< whose paths begin with them already
};

// Findings for programs.

/// Workflow commands of GitHub Actions, a line each: "::error file=fn/main.sh,line=3::sentence".
std::string github_lines(const Findings& findings, const CheckedPlaces& places);
/// A log of SARIF 2.1.0, as code scanning takes it.
std::string sarif_log(const Findings& findings, const CheckedPlaces& places);
/// {"findings": [{"path", "line", "level", "message"}], "errors": N, "warnings": N}
std::string json_text(const Findings& findings, const CheckedPlaces& places);

}  // namespace cli
