// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proc/child.h"

#include <sys/types.h>

#include <mutex>
#include <set>
#include <variant>
#include <vector>

namespace proc {

/// The children of this process that somebody answers for. Construction makes this process the sub-reaper of
/// its descendants, so that whatever a child that ended has left running, in whatever session, falls to us;
/// sweep() ends it. Every child of the process must be started here, or it is swept. One object per process;
/// any thread may call.
class Family {
 public:
  Family();
  Family(const Family&) = delete;
  Family& operator=(const Family&) = delete;

  /// Child::start, and the child is accounted for: one step under one lock, so that no sweep can come
  /// between.
  std::variant<Child, LaunchError> start(const Command& command,
                                         const std::vector<DescriptorMapping>& descriptors);

  /// Reaps a child that start() gave: its leftovers are nobody's from here on.
  Child::Ended reap(Child& child);

  /// Kills and reaps every child that nobody answers for, and what falls to us when it ends, until none is
  /// left. Blocks as long as the kernel takes to end killed processes, at most a second.
  void sweep();

 private:
  [[nodiscard]] std::vector<pid_t> strangers() const;

  std::mutex mutex_;
  std::set<pid_t> known_;
};

}  // namespace proc
