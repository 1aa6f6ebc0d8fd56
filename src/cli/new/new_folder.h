// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "cli/new/new_kinds.h"

#include <string>

namespace cli {

/// Writes the files of a kind into `folder`, which is made, or is there and empty; nothing is ever replaced.
/// Modes are those that Lambda's user can read, whatever the umask is: 0755 for scripts with a #! line and
/// for folders, else 0644. An error is a sentence; what was written until then stays.
base::Status write_new_folder(const NewKind& kind, const std::string& folder);

}  // namespace cli
