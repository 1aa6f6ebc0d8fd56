// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proc/child/child.h"
#include "proc/child/exit_state.h"
#include "proc/run/byte_sink.h"

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace support {

/// Keeps what comes.
class StringSink : public proc::ByteSink {
 public:
  bool take(std::string_view bytes) override {
    text.append(bytes);
    return true;
  }

  std::string text;
};

struct ToolResult {
  proc::ExitState state;
  std::string out;
  std::string err;
};

/// Runs a program to its end, a minute at most (then it is killed). A first word without a slash is looked up
/// on PATH. Without `environment` it gets ours. A program that does not start counts as exit 127 with the
/// reason in `err`.
ToolResult run_tool(const std::vector<std::string>& argv, std::string_view stdin_text = {},
                    const std::optional<std::vector<std::string>>& environment = std::nullopt);

/// Asks every millisecond; false when it did not come true within `limit`. Sanitizers are slow, and a tenth
/// of a processor is slower: be generous.
bool wait_for(const std::function<bool()>& condition,
              std::chrono::milliseconds limit = std::chrono::seconds(120));

/// How it ends by itself, in a minute at most.
proc::ExitState end_of(proc::Child& child);

/// What /proc says, sorted; empty for a process that is gone.
std::vector<int> open_descriptors(pid_t pid);
std::vector<pid_t> children_of(pid_t pid);

/// False for zombies, too.
bool is_alive(pid_t pid);

}  // namespace support
