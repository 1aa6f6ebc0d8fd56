// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"
#include "proc/child/child.h"
#include "proc/tree/held_output.h"
#include "proc/tree/process_tree.h"

#include <sys/types.h>

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace proc {

/// The children of this process that somebody answers for. Construction makes this process the sub-reaper of
/// its descendants, so that whatever a child that ended has left running, in whatever session, falls to us;
/// sweep() ends it. Every child of the process must be started here, or it is swept; those that it had before
/// (whoever became this program by exec may have some) are left alone. One object per process, which outlives
/// its children; any thread may call.
///
/// No lock is held while anything is waited for: who starts or reaps a child never waits for a sweep, and
/// nobody for an exec that hangs. A child is told from a leftover by what is noted before it exists: each
/// start enters itself, and the first thing that its child does is to note its number there.
class Family {
 public:
  /// Told once of each process that outlives its end: a whole sentence, on whichever thread found out.
  using Warn = std::function<void(const std::string& sentence)>;

  /// `stop_fd`: once it is readable no sweep waits any longer; borrowed.
  explicit Family(int stop_fd = -1, Warn warn = {});
  Family(const Family&) = delete;
  Family& operator=(const Family&) = delete;

  /// For a start that opens many descriptors which are closed behind it: kOpenings of them at a time, so that
  /// their number can be counted. Waits for a place, but 2 s at most: an exec that hangs keeps nobody.
  class Opening {
   public:
    /// nullptr: there is nobody to wait for.
    explicit Opening(Family* family);
    ~Opening();
    Opening(const Opening&) = delete;
    Opening& operator=(const Opening&) = delete;

   private:
    Family* family_;
  };
  static constexpr int kOpenings = 4;

  /// Child::start, and the child is accounted for until it is reaped. Blocks as long as exec does.
  std::variant<Child, LaunchError> start(const Command& command,
                                         const std::vector<DescriptorMapping>& descriptors);

  /// Kills and reaps every child that nobody answers for, with all that is below it, until none is left; how
  /// many were still running. Blocks as long as that takes: a millisecond for a few, 50 more where one does
  /// not die, at most five seconds for what forks without end. One thread sweeps at a time: who finds another
  /// at it waits 20 ms at most and leaves the rest to that one, which then looks again. What does not die is
  /// left behind: warned of, and neither killed nor waited for again. Costs one system call where this
  /// process has no children at all.
  std::size_t sweep();

  /// For an output that somebody counts on all of, before its run starts: as long as it lives, each sweep
  /// finds out of what it ends whether it had it open.
  std::shared_ptr<const WatchedOutput> watch(FileIdentity file);

  /// What somebody else has tried to end, and may fall to us: neither killed nor waited for again.
  void leave_behind(const std::vector<Survivor>& survivors);

  [[nodiscard]] int stop_fd() const { return stop_fd_; }

  /// The number of the first start that is under way: from 1 on, never given twice. nullopt: there is none.
  [[nodiscard]] std::optional<unsigned long> oldest_start();

  /// Blocks until every start is over that is under way now: until its exec, a child has copies of all our
  /// descriptors. False: that takes longer than `limit`, or the stop descriptor is readable.
  bool wait_for_starts(base::Deadline limit);

  /// From now on nobody has to answer for those who are there: they stay until the end of all.
  void keep_strangers();

  /// Only reaps those of them that have ended by themselves.
  void reap_ended();

  /// Before the process ends: kills all that is below it, no matter who answers for it, but what was there
  /// before us and what does not die. Waits until they have ended, or `limit`.
  void end_all(base::Deadline limit = base::Deadline::after(kLastLimit));

 private:
  friend class Child;
  class Start;
  class Turn;
  enum class Standing { elder, kept, left_behind };  // elder: was there before us
  struct Spared {
    Standing standing;
    ProcessTime start;
  };
  // The service gives the end of an environment 300 ms in all.
  static constexpr std::chrono::milliseconds kLastLimit{50};

  class HolderLook;
  void forget(pid_t pid);
  [[nodiscard]] std::vector<std::shared_ptr<WatchedOutput>> watched();
  [[nodiscard]] bool is_ours(pid_t pid);
  [[nodiscard]] std::optional<Standing> standing_of(pid_t pid);
  bool note(pid_t pid, Spared spared);
  void reap_strangers();
  bool reap_stranger(pid_t pid);
  void reap_unlisted();

  const int stop_fd_;
  const Warn warn_;

  std::mutex mutex_;            // for all that follows; nobody waits for anything while he has it
  std::multiset<pid_t> known_;  // a number may be used again before its last owner has said that it is free
  std::set<const Start*> starts_;
  unsigned long start_count_ = 0;
  std::map<pid_t, Spared> spared_;
  std::vector<std::weak_ptr<WatchedOutput>> watched_;
  std::condition_variable turn_ended_;
  std::condition_variable opening_ended_;
  int openings_ = 0;
  bool is_sweeping_ = false;
  bool look_again_ = false;
};

}  // namespace proc
