// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/line/context.h"

namespace cli {

/// shellstrap serve: the Invoke API on this machine until a signal comes. Returns the exit status, when
/// everything that was started has ended. Call on the main thread.
int serve(const Arguments& arguments, const Context& context);

}  // namespace cli
