// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/content/check_findings.h"
#include "cli/package/check_package.h"

#include <string>

namespace cli {

/// What of `folder` belongs into a zip: its files by path, with modes of 0755 or 0644, whatever the owner's
/// umask was. Left out are .git wherever it is, tests/, deploy.json and .shellstrapignore of the top, what
/// that file names (pack_ignore.h), and `output`. What cannot be packed is a finding: a link, which would
/// bring what lies elsewhere, a socket, a folder that may not be read. An error is a sentence: no such
/// folder, or a line of .shellstrapignore.
base::Result<Package> collect_files(const std::string& folder, const std::string& output, Findings& findings);

/// Puts the program at `path` into the package as its bootstrap. A finding where it is none for this machine,
/// or where the folder has another one.
void add_bootstrap(Package& package, const std::string& path, bool is_arm, Findings& findings);

}  // namespace cli
