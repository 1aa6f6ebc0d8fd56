// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/line/context.h"
#include "emulator/environment/function.h"

#include <string_view>

namespace cli {

/// `shellstrap invoke --like-lambda`: the function sees what it would see on the service, as far as this
/// machine's kernel and user allow.

/// The verb that nobody types: shellstrap starts itself with it, and becomes the runtime.
inline constexpr std::string_view kLikeLambdaVerb = "like-lambda";

/// Changes how `function` is started: by that verb, with Lambda's PATH and LD_LIBRARY_PATH in place of those
/// that `own`, the environment of this program, passes on.
void make_like_lambda(emulator::Function& function, base::Environment& own);

/// That verb: TASK_ROOT BOOTSTRAP. Says on standard error what it could not do. Returns only where the
/// runtime could not be started.
int become_like_lambda(const Arguments& arguments, const Context& context);

}  // namespace cli
