// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <string>
#include <vector>

namespace cli {

/// One event as the command line names it.
struct EventSource {
  enum class Kind { data, file, sample };  ///< a file named "-" is standard input
  Kind kind;
  std::string text;
};

/// One event as it goes to the function.
struct LoadedEvent {
  std::string payload;
  std::string name;          ///< for messages: "-d", "standard input", "event.json"
  std::string json_fault{};  ///< where and why the payload is not JSON; empty: it is
};

/// Reads every event, in order. Blocks on standard input and pipes; a readable `stop_fd` ends that. An error
/// is a sentence for the user: a missing file, an event over Lambda's limit of 6 MiB.
base::Result<std::vector<LoadedEvent>> load_events(const std::vector<EventSource>& sources, int stop_fd);

}  // namespace cli
