// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"
#include "proc/tree/process_time.h"
#include "proc/tree/survivor.h"

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace proc {

/// The children of a process, which is not necessarily this one, and of all its threads; zombies, too.
std::vector<pid_t> children_of(pid_t parent);

/// Those entries of a folder that are numbers above 0: processes in /proc, threads in /proc/PID/task,
/// descriptors in /proc/PID/fd.
std::vector<int> numbered_entries(const char* folder);

ProcessTime process_time_now();

/// Of those threads that have not ended.
std::vector<pid_t> threads_of(pid_t process);

struct ProcessStat {
  char state = 'X';  ///< as the kernel's letters: T is stopped, Z has ended; X: there is none
  pid_t parent = 0;
  int threads = 0;
  ProcessTime start{};  ///< with its number, it means one process for ever
  std::string name{};   ///< of the program, at most 15 bytes

  /// Not while another thread than the first one lives on.
  [[nodiscard]] bool has_ended() const { return state == 'X' || (state == 'Z' && threads <= 1); }
};
ProcessStat process_stat(pid_t pid);
ProcessStat thread_stat(pid_t process, pid_t thread);  ///< the same of one thread

struct TreeEnd {
  std::size_t killed = 0;
  bool complete = true;  ///< false: something lives on: `limit` has passed, or there are survivors
  std::vector<Survivor> survivors{};  ///< what cannot be ended now, and is not worth waiting for
};
/// Ends the children of `root` that `spared` does not name, and all that is below them, while they fork and
/// hide as they like: stops what it finds, again and again until nothing new turns up, and kills it only
/// then. What is killed one by one frees its place for another; but what continues each other is not stopped
/// for longer than a few milliseconds. `root` is this process or another that adopts the orphans below it.
/// Blocks until all have ended, for those that were killed no longer than a DeathLimit, and never longer than
/// until `limit` or until `stop_fd` is readable; reaps none.
///
/// `spared` is asked about a number again when a process was found under it and is about to be signaled: what
/// is spared by then is left alone, though it was not when it was listed.
TreeEnd end_below(pid_t root, const std::function<bool(pid_t)>& spared, base::Deadline limit,
                  int stop_fd = -1);

/// SIGSTOP to `root`, which must not be reaped meanwhile, and to everything below it, parents first: a
/// stopped parent neither forks nor reaps, so that no number can change hands. What detached itself stays
/// out.
void freeze_tree(pid_t root);
/// SIGCONT to the same, children first.
void thaw_tree(pid_t root);

}  // namespace proc
