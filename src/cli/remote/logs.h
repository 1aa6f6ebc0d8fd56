// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/line/context.h"
#include "cli/line/verbs.h"

namespace cli {

/// shellstrap logs: prints the log of a deployed function, read by the user's AWS CLI, and with --follow what
/// comes, until a signal. Returns kSuccess, kUsageError, or 128 + a signal's number.
int logs(const Arguments& arguments, const Context& context);

/// See Verb::show_line.
void show_logs_line(const LineReader& read);

}  // namespace cli
