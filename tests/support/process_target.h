// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/memory_file.h"
#include "proc/run/run.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace support {

/// `target ARGUMENTS...` (tests/target) in the test's working directory, with an empty environment.
proc::Command target_command(const std::vector<std::string>& arguments);

struct Observed {
  proc::RunResult result;
  std::string out;
  std::string err;

  /// How it ended, where it ended by itself.
  [[nodiscard]] std::optional<proc::ExitState> exited() const;
};

/// Runs a command. Outputs that `options` names are kept; 1 and 2 are collected where it names none.
Observed observe(const proc::Command& command, proc::RunOptions options = {});

/// The same for the target.
Observed run_target(const std::vector<std::string>& arguments, proc::RunOptions options = {});

/// A memory file with this content, at its start. Aborts the test program where there is no memory.
base::MemoryFile input_with(std::string_view content);

}  // namespace support
