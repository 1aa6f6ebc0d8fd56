// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <ratio>
#include <vector>

namespace proc {

/// The children of a process, which is not necessarily this one, and of all its threads; zombies, too.
std::vector<pid_t> children_of(pid_t parent);

/// Since the system's start, as /proc tells it: in steps of 10 ms.
using ProcessTime = std::chrono::duration<unsigned long long, std::ratio<1, 100>>;
ProcessTime process_time_now();

struct ProcessStat {
  char state = 'X';  ///< as the kernel's letters: T is stopped, Z has ended; X: there is none
  pid_t parent = 0;
  int threads = 0;
  ProcessTime start{};

  /// Not while another thread than the first one lives on.
  [[nodiscard]] bool has_ended() const { return state == 'X' || (state == 'Z' && threads <= 1); }
};
ProcessStat process_stat(pid_t pid);

struct TreeEnd {
  std::size_t killed = 0;
  bool complete = true;  ///< false: something lives on: `limit` has passed, or it is another user's by now
};
/// Ends the children of `root` that `spared` does not name, and all that is below them, while they fork and
/// hide as they like: stops what it finds, again and again until nothing new turns up, and kills it only
/// then. What is killed one by one frees its place for another. `root` is this process or another that adopts
/// the orphans below it. Blocks until all have ended, or `limit`; reaps none.
TreeEnd end_below(pid_t root, const std::function<bool(pid_t)>& spared, base::Deadline limit);

/// SIGSTOP to `root`, which must not be reaped meanwhile, and to everything below it, parents first: a
/// stopped parent neither forks nor reaps, so that no number can change hands. What detached itself stays
/// out.
void freeze_tree(pid_t root);
/// SIGCONT to the same, children first.
void thaw_tree(pid_t root);

}  // namespace proc
