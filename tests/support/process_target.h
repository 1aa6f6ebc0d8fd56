// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proc/run.h"

#include <string>
#include <vector>

namespace support {

/// `target ARGUMENTS...` (tests/target) in the test's working directory, with an empty environment.
proc::Command target_command(const std::vector<std::string>& arguments);

struct Observed {
  proc::RunResult result;
  std::string out;
  std::string err;
};

/// Runs a command. Outputs that `options` names are kept; 1 and 2 are collected where it names none.
Observed observe(const proc::Command& command, proc::RunOptions options = {});

/// The same for the target.
Observed run_target(const std::vector<std::string>& arguments, proc::RunOptions options = {});

}  // namespace support
