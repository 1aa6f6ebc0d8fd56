// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/temporary_folder.h"

#include <string>

namespace base {

/// Removes everything in the folder that `fd` stands for, as TemporaryFolder::remove promises; the folder
/// itself stays. `path` is only for what is reported.
TemporaryFolder::Remains clear_folder(int fd, const std::string& path);

}  // namespace base
