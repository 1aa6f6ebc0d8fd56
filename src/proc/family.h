// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proc/child.h"

#include <sys/types.h>

#include <cstddef>
#include <mutex>
#include <set>
#include <variant>
#include <vector>

namespace proc {

/// The children of this process that somebody answers for. Construction makes this process the sub-reaper of
/// its descendants, so that whatever a child that ended has left running, in whatever session, falls to us;
/// sweep() ends it. Every child of the process must be started here, or it is swept; those that it had before
/// (whoever became this program by exec may have some) are left alone. One object per process, which outlives
/// its children; any thread may call.
class Family {
 public:
  Family();
  Family(const Family&) = delete;
  Family& operator=(const Family&) = delete;

  /// Child::start, and the child is accounted for until it is reaped: one step under one lock, so that no
  /// sweep can come between.
  std::variant<Child, LaunchError> start(const Command& command,
                                         const std::vector<DescriptorMapping>& descriptors);

  /// Kills and reaps every child that nobody answers for, with all that is below it, until none is left; how
  /// many were still running. Blocks as long as that takes: a millisecond for a few, at most five seconds for
  /// what forks without end, and nobody starts meanwhile. Costs one system call where this process has no
  /// children at all.
  std::size_t sweep();

  /// From now on nobody has to answer for those who are there: they stay until the end of all.
  void keep_strangers();

  /// Only reaps those of them that have ended by themselves.
  void reap_ended();

  /// Before the process ends: kills all that is below it, no matter who answers for it, but what was there
  /// before us. Nobody can start anything any more.
  void end_all();

 private:
  friend class Child;
  void forget(pid_t pid);
  void reap_strangers();
  void reap_unlisted();

  std::mutex mutex_;
  std::set<pid_t> known_;
  std::set<pid_t> kept_;
  const std::set<pid_t> elders_;  // who were there before us
};

}  // namespace proc
