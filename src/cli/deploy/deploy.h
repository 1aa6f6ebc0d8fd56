// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/line/context.h"

namespace cli {

/// shellstrap deploy: packs a function's folder and brings it to the service by the user's AWS CLI. Changes
/// nothing without --yes. Returns kSuccess, kFunctionError (a step failed, or check found errors),
/// kUsageError, or 128 + a signal's number.
int deploy(const Arguments& arguments, const Context& context);

}  // namespace cli
