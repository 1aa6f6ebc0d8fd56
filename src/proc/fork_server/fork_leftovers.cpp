// SPDX-License-Identifier: Apache-2.0
// What a fork server's run has left running: found, looked at and ended before the next one.
#include "proc/child/family.h"
#include "proc/fork_server/fork_server.h"
#include "proc/tree/held_output.h"
#include "proc/tree/process_tree.h"

#include <utility>

namespace proc {
namespace {

using base::Deadline;

constexpr auto kSweepLimit = std::chrono::seconds(5);

}  // namespace

int ForkServer::family_stop_fd() const {
  return family_ != nullptr ? family_->stop_fd() : -1;
}

bool ForkServer::clear_leftovers() {
  if (!keep_leftovers_) return sweep();
  const auto left = newcomers();
  HolderPatience patience(family_stop_fd());
  for (const pid_t pid : left) note_held(pid, patience);
  worn_ = !left.empty();
  return !worn_;
}

bool ForkServer::sweep() {
  const auto spared = [this, patience = HolderPatience(family_stop_fd()), looks = 0](pid_t pid) mutable {
    if (!is_new(pid)) return true;
    if (++looks <= kMostHolderLooks) note_held(pid, patience);
    return false;
  };
  const auto ended = end_below(server_.pid(), spared, Deadline::after(kSweepLimit), family_stop_fd());
  swept_ += ended.killed;
  if (family_ != nullptr) family_->leave_behind(ended.survivors);  // they fall to us with the server
  return ended.complete;
}

void ForkServer::note_held(pid_t pid, HolderPatience& patience) {
  const auto whole = lane_.outputs().whole();
  held_ = held_ || (whole && keeps_open(pid, *whole, patience));
}

bool ForkServer::take_held() {
  const bool was_late = lane_.take_late();
  return std::exchange(held_, false) || was_late;
}

// Of calls before nothing is left, so what was there before was started while the server prepared, or by what
// was.
bool ForkServer::is_new(pid_t pid) const {
  const auto start = process_stat(pid).start;
  return start >= call_start_ && !residents_.contains({pid, start});
}

std::vector<pid_t> ForkServer::newcomers() const {
  auto children = children_of(server_.pid());
  std::erase_if(children, [this](pid_t pid) { return !is_new(pid); });
  return children;
}

}  // namespace proc
