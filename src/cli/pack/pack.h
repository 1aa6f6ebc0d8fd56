// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/line/context.h"

namespace cli {

struct PackOptions;

/// shellstrap pack: makes the zip of a function's folder that Lambda takes, once check has found no error in
/// it. Writes nothing else; the zip's name goes to standard output, findings to standard error. Returns
/// kSuccess, kFindings (check.h) or kUsageError.
int pack(const Arguments& arguments, const Context& context);

/// The same for another verb, which has the options and tells of the zip itself: nothing goes to standard
/// output.
int write_package(const PackOptions& options, const Context& context);

}  // namespace cli
