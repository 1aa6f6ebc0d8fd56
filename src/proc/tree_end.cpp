// SPDX-License-Identifier: Apache-2.0
#include "base/unique_fd.h"
#include "proc/process_tree.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <map>
#include <set>
#include <thread>
#include <utility>

namespace proc {
namespace {

using base::Deadline;

constexpr auto kPause = std::chrono::milliseconds(1);

// D is a parent that waits for its vfork, and what hangs in the kernel: neither forks. Of a process whose
// first thread has ended (Z) nobody can see whether the others have stopped.
bool is_quiet(const ProcessStat& stat) {
  return std::strchr("XZTtD", stat.state) != nullptr;
}

bool has_ended(pid_t pid) {
  return process_stat(pid).has_ended();
}

class Ending {
 public:
  Ending(pid_t root, const std::function<bool(pid_t)>& spared, Deadline limit)
      : root_(root), spared_(spared), limit_(limit) {}

  // What slipped through, having been in the middle of a fork, is found in the next round.
  TreeEnd run() {
    while (any_living()) {
      if (limit_.passed()) return {killed_, false};
      stop_all();
      kill_all();
      wait_until_ended();
    }
    return {killed_, untouchable_.empty()};
  }

 private:
  struct Process {
    pid_t pid;
    pid_t parent;
  };

  [[nodiscard]] std::vector<pid_t> children_of_root() const {
    auto children = children_of(root_);
    std::erase_if(children, [this](pid_t pid) { return spared_(pid) || untouchable_.contains(pid); });
    return children;
  }

  // Who forks and ends after the list was read leaves a child that is not on it, and looks as if nobody
  // lived. But who has ended adds no more: a second list, read after the look at the first, is complete.
  [[nodiscard]] bool any_living() const {
    const auto children = children_of_root();
    return !std::all_of(children.begin(), children.end(), has_ended) || children_of_root() != children;
  }

  void stop_all() {
    found_.clear();
    while (!limit_.passed()) {
      const auto before = found_.size();
      if (!walk()) return;
      if (before == found_.size()) std::this_thread::sleep_for(kPause);
    }
  }

  // Parents first: who is stopped neither forks nor reaps. True: there was somebody new, or one that has been
  // told to stop has not done so yet.
  bool walk() {
    bool again = false;
    std::vector<Process> tree = with_parent(root_, children_of_root());
    for (std::size_t i = 0; i < tree.size() && !limit_.passed(); ++i) {
      const auto process = tree[i];
      const bool is_new = !found_.contains(process.pid) && signal(process, SIGSTOP);
      if (is_new) found_.emplace(process.pid, process.parent);
      again |= is_new || (found_.contains(process.pid) && !is_quiet(process_stat(process.pid)));
      const auto below = with_parent(process.pid, children_of(process.pid));
      tree.insert(tree.end(), below.begin(), below.end());
    }
    return again;
  }

  // Who cannot be killed any more is not waited for: where somebody else has ended `root` meanwhile, its
  // children have fallen to another.
  void kill_all() {
    std::map<pid_t, pid_t> killed;
    for (const auto& process : found_)
      if (signal({process.first, process.second}, SIGKILL)) killed.insert(process);
    killed_ += killed.size();
    found_ = std::move(killed);
  }

  void wait_until_ended() const {
    const auto ended = [](const auto& entry) { return has_ended(entry.first); };
    while (!std::all_of(found_.begin(), found_.end(), ended) && !limit_.passed())
      std::this_thread::sleep_for(kPause);
  }

  static std::vector<Process> with_parent(pid_t parent, const std::vector<pid_t>& pids) {
    std::vector<Process> processes;
    processes.reserve(pids.size());
    for (const pid_t pid : pids) processes.push_back({pid, parent});
    return processes;
  }

  // The descriptor stands for one process; asked after it was opened, the answer is about that one. False: it
  // has ended, and the number may be another's.
  bool signal(Process process, int number) {
    const base::UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, process.pid, 0U)));
    const auto stat = process_stat(process.pid);
    const bool is_it = stat.parent == process.parent || stat.parent == root_ || found_.contains(stat.parent);
    if (!pidfd.valid() || !is_it || stat.has_ended()) return false;
    if (::syscall(SYS_pidfd_send_signal, pidfd.get(), number, nullptr, 0U) == 0) return true;
    if (errno == EPERM) untouchable_.insert(process.pid);
    return false;
  }

  pid_t root_;
  const std::function<bool(pid_t)>& spared_;
  Deadline limit_;
  std::map<pid_t, pid_t> found_;  // and stopped, with their parents
  std::set<pid_t> untouchable_;   // set-user-ID programs: another user's by now
  std::size_t killed_ = 0;
};

}  // namespace

TreeEnd end_below(pid_t root, const std::function<bool(pid_t)>& spared, Deadline limit) {
  return Ending(root, spared, limit).run();
}

}  // namespace proc
