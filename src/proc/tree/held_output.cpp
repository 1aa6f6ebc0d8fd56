// SPDX-License-Identifier: Apache-2.0
#include "proc/tree/held_output.h"

#include "proc/tree/foreign_descriptor.h"
#include "proc/tree/process_tree.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <thread>
#include <vector>

namespace proc {
namespace {

constexpr auto kLookPause = std::chrono::microseconds(500);
// One look may find somebody asleep for a moment.
constexpr int kLooks = 3;

std::vector<pid_t> with_all_below(std::vector<pid_t> tree) {
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const auto children = children_of(tree[i]);
    tree.insert(tree.end(), children.begin(), children.end());
  }
  return tree;
}

enum class Hold { none, passing, settled };

Hold hold_of(const std::vector<pid_t>& processes, FileIdentity file) {
  Hold hold = Hold::none;
  for (const pid_t pid : processes)
    if (has_open(pid, file))
      hold = std::max(hold, process_stat(pid).state == 'S' ? Hold::settled : Hold::passing);
  return hold;
}

enum class Seen { nothing, written, closed };

Seen look_at_pipe(int read_end) {
  pollfd polled{read_end, POLLIN, 0};
  if (::poll(&polled, 1, 0) <= 0) return Seen::nothing;
  return (polled.revents & POLLIN) != 0 ? Seen::written : Seen::closed;
}

// Who has written and ended cannot be told from nobody, but by the size.
Seen look_at_file(base::MemoryFile& file) {
  const auto before = file.size();
  const auto now = file.measure();
  return now && *now != before ? Seen::written : Seen::nothing;
}

Seen look_at(HeldOutput& output) {
  return output.file ? look_at_file(*output.file) : look_at_pipe(output.pipe.get());
}

}  // namespace

bool keeps_open(pid_t process, FileIdentity file, HolderPatience& patience) {
  for (int settled = 0; settled < kLooks; std::this_thread::sleep_for(kLookPause)) {
    const auto hold = hold_of(with_all_below({process}), file);
    if (hold == Hold::none || patience.passed()) return false;
    settled = hold == Hold::settled ? settled + 1 : 0;
  }
  return true;
}

bool is_still_held(HeldOutput& output, HolderPatience patience) {
  const auto file = identity_of(output.file ? output.file->fd() : output.pipe.get());
  for (int settled = 0; settled < kLooks; std::this_thread::sleep_for(kLookPause)) {
    const auto seen = look_at(output);
    // Asked behind the look: whoever ends one that has it open says so before.
    if (seen == Seen::written || (output.watched && output.watched->was_kept)) return true;
    if (seen == Seen::closed || !file || patience.passed()) return false;
    const auto hold = hold_of(with_all_below(children_of(::getpid())), *file);
    if (output.file && hold == Hold::none) return look_at(output) == Seen::written;
    settled = hold == Hold::settled ? settled + 1 : 0;
  }
  return true;
}

}  // namespace proc
