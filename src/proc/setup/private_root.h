// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "proc/setup/confine.h"

namespace proc {

/// Private to this room: the second half of confine(). Puts this process, which has just entered a mount
/// namespace of its own, in a file system that has the system's folders, the views and the scratch folder,
/// and nothing else. On an error it is where it was.
base::Status enter_private_root(const Confinement& wanted);

}  // namespace proc
