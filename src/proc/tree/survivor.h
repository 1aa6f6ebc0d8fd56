// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"
#include "proc/tree/process_time.h"

#include <sys/types.h>

#include <string>

namespace proc {

/// Something that goes on although it is to end. Private to this room, but for those who read a TreeEnd.
struct Survivor {
  pid_t pid;
  ProcessTime start;   ///< see ProcessStat
  std::string name;    ///< printable
  std::string reason;  ///< a clause: "it belongs to another user"
};
/// A process that was sent SIGKILL and has not ended.
Survivor killed_survivor(pid_t pid);
/// A process that may not be sent any signal.
Survivor foreign_survivor(pid_t pid);

/// Nothing of it runs or could: each of its threads has ended, waits in the kernel where no signal reaches it
/// (D), or is held by a process that traces it (t).
bool hangs_in_kernel(pid_t pid);

/// How long somebody waits for what was sent SIGKILL: fifty looks, a pause apart, while it hangs in the
/// kernel, because nobody knows for how long it will; three seconds while it could run, because it only wants
/// a processor. Looks, for time alone proves nothing: where a quota stops us for 90 of 100 ms, it stops as
/// long whoever holds what the process waits for.
class DeathLimit {
 public:
  /// How often it is worth asking.
  static constexpr std::chrono::milliseconds kPause{1};

  /// `hangs`: all that is waited for does.
  [[nodiscard]] bool passed(bool hangs);

 private:
  static constexpr int kLooks = 50;

  int looks_ = 0;  ///< in a row that found it hanging
  base::Deadline longest_ = base::Deadline::after(std::chrono::seconds(3));
};

}  // namespace proc
