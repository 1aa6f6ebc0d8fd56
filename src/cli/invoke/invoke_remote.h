// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/invoke/invoke_options.h"
#include "cli/line/context.h"

namespace cli {

/// shellstrap invoke --remote: calls a deployed function through the user's AWS CLI, once for each event. The
/// answer goes to standard output, byte for byte, the end of the call's log to standard error. Returns what
/// invoke returns: kSuccess, kFunctionError, kUsageError (also: its init failed, or it could not be called),
/// or 128 + a signal's number.
int invoke_remote(const InvokeOptions& options, const Context& context);

}  // namespace cli
