// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/line/verbs.h"

namespace cli {

/// shellstrap doctor: what verbs need of this machine, and how to get what is missing, a line each on
/// standard output. Returns the exit status: 1 where something is missing that was asked for.
int doctor(const Arguments& arguments, const Context& context);
/// See Verb::show_line.
void show_doctor_line(const LineReader& read);

}  // namespace cli
