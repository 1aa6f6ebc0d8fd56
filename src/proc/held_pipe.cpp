// SPDX-License-Identifier: Apache-2.0
#include "proc/held_pipe.h"

#include "proc/foreign_descriptor.h"
#include "proc/process_tree.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

namespace proc {
namespace {

constexpr int kLookPauseMs = 1;
// One look may find somebody asleep for a moment.
constexpr int kLooks = 3;

std::vector<pid_t> all_below(pid_t root) {
  auto tree = children_of(root);
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const auto children = children_of(tree[i]);
    tree.insert(tree.end(), children.begin(), children.end());
  }
  return tree;
}

bool is_kept(int read_end) {
  const auto below = all_below(::getpid());
  return std::any_of(below.begin(), below.end(),
                     [read_end](pid_t pid) { return has_settled(pid) && has_open(pid, read_end); });
}

}  // namespace

bool has_settled(pid_t pid) {
  return process_stat(pid).state == 'S';
}

bool is_still_held(int read_end, base::Deadline patience) {
  pollfd polled{read_end, POLLIN, 0};
  for (int kept = 0; ::poll(&polled, 1, kLookPauseMs) <= 0;) {
    kept = is_kept(read_end) ? kept + 1 : 0;
    if (kept == kLooks) return true;
    if (patience.passed()) return false;
  }
  return (polled.revents & POLLIN) != 0;
}

}  // namespace proc
