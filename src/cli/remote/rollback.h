// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/line/context.h"
#include "cli/line/verbs.h"

namespace cli {

/// shellstrap rollback: lets the alias of a function lead to an older version. Changes nothing without --yes.
/// Returns kSuccess, kFunctionError (the service did not do it), kUsageError, or 128 + a signal's number.
int rollback(const Arguments& arguments, const Context& context);

/// See Verb::show_line.
void show_rollback_line(const LineReader& read);

}  // namespace cli
