// SPDX-License-Identifier: Apache-2.0
#include "base/io/unique_fd.h"
#include "proc/tree/process_tree.h"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <map>
#include <utility>

namespace proc {
namespace {

using base::Deadline;

// How long those that have been found may take to stop while nothing new turns up. Who is stopped does so at
// once, but for want of a processor; what does not is being continued by others.
constexpr auto kQuietLimit = std::chrono::milliseconds(20);
// The same, while there is always something new: what forks, and continues what it has forked.
constexpr auto kStopLimit = std::chrono::milliseconds(250);

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
  Ending(pid_t root, const std::function<bool(pid_t)>& spared, Deadline limit, int stop_fd)
      : root_(root), spared_(spared), limit_(limit), stop_fd_(stop_fd) {}

  // What slipped through, having been in the middle of a fork, is found in the next round.
  TreeEnd run() {
    while (any_living()) {
      if (is_over()) return {killed_, false, std::move(survivors_)};
      stop_all();
      kill_all();
      wait_until_ended();
    }
    return {killed_, survivors_.empty(), std::move(survivors_)};
  }

 private:
  struct Process {
    pid_t pid;
    pid_t parent;
  };

  [[nodiscard]] std::vector<pid_t> children_of_root() const {
    auto children = children_of(root_);
    std::erase_if(children, [this](pid_t pid) { return spared_(pid) || survives(pid); });
    return children;
  }

  // Who forks and ends after the list was read leaves a child that is not on it, and looks as if nobody
  // lived. But who has ended adds no more: a second list, read after the look at the first, is complete.
  [[nodiscard]] bool any_living() const {
    const auto children = children_of_root();
    return !std::all_of(children.begin(), children.end(), has_ended) || children_of_root() != children;
  }

  enum class Walk { quiet, restless, something_new };

  void stop_all() {
    found_.clear();
    const auto last = Deadline::after(kStopLimit);
    auto quiet_at = Deadline::after(kQuietLimit);
    for (auto seen = walk(); seen != Walk::quiet && !last.passed() && !is_over(); seen = walk()) {
      if (seen == Walk::something_new)
        quiet_at = Deadline::after(kQuietLimit);
      else if (quiet_at.passed())
        return;
      else
        pause();
    }
  }

  // Parents first: who is stopped neither forks nor reaps. Who has been told to stop and has not done so, or
  // was continued by another, is told again.
  Walk walk() {
    Walk seen = Walk::quiet;
    std::vector<Process> tree = with_parent(root_, children_of_root());
    for (std::size_t i = 0; i < tree.size() && !limit_.passed(); ++i) {
      seen = std::max(seen, stop(tree[i]));
      const auto below = with_parent(tree[i].pid, children_of(tree[i].pid));
      tree.insert(tree.end(), below.begin(), below.end());
    }
    return seen;
  }

  Walk stop(Process process) {
    const bool is_known = found_.contains(process.pid);
    if (is_known && is_quiet(process_stat(process.pid))) return Walk::quiet;
    if (!signal(process, SIGSTOP)) return Walk::quiet;
    found_.emplace(process.pid, process.parent);
    return is_known ? Walk::restless : Walk::something_new;
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

  // As long as one after the other ends there is nothing to worry about.
  void wait_until_ended() {
    for (DeathLimit limit; !found_.empty() && !is_over(); pause()) {
      const auto ended = std::erase_if(found_, [](const auto& entry) { return has_ended(entry.first); });
      if (ended > 0) limit = DeathLimit();
      if (limit.passed(all_hang())) return give_up();
    }
  }

  [[nodiscard]] bool all_hang() const {
    return std::all_of(found_.begin(), found_.end(),
                       [](const auto& entry) { return hangs_in_kernel(entry.first); });
  }

  void give_up() {
    for (const auto& entry : found_)
      if (!has_ended(entry.first)) survivors_.push_back(killed_survivor(entry.first));
  }

  [[nodiscard]] bool survives(pid_t pid) const {
    return std::any_of(survivors_.begin(), survivors_.end(),
                       [pid](const Survivor& survivor) { return survivor.pid == pid; });
  }

  void pause() {
    pollfd stop{stop_fd_, POLLIN, 0};
    ::poll(&stop, 1, static_cast<int>(DeathLimit::kPause.count()));
    stopped_ |= stop.revents != 0;
  }

  [[nodiscard]] bool is_over() const { return stopped_ || limit_.passed(); }

  static std::vector<Process> with_parent(pid_t parent, const std::vector<pid_t>& pids) {
    std::vector<Process> processes;
    processes.reserve(pids.size());
    for (const pid_t pid : pids) processes.push_back({pid, parent});
    return processes;
  }

  // The descriptor stands for one process; asked after it was opened, both answers are about that one, or it
  // has ended. False: it has, the number may be another's, or is spared.
  bool signal(Process process, int number) {
    const base::UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, process.pid, 0U)));
    if (!pidfd.valid() || spared_(process.pid) || survives(process.pid)) return false;
    const auto stat = process_stat(process.pid);
    const bool is_it = stat.parent == process.parent || stat.parent == root_ || found_.contains(stat.parent);
    if (!is_it || stat.has_ended()) return false;
    if (::syscall(SYS_pidfd_send_signal, pidfd.get(), number, nullptr, 0U) == 0) return true;
    if (errno == EPERM) survivors_.push_back(foreign_survivor(process.pid));
    return false;
  }

  pid_t root_;
  const std::function<bool(pid_t)>& spared_;
  Deadline limit_;
  int stop_fd_;
  bool stopped_ = false;
  std::map<pid_t, pid_t> found_;  // and stopped, with their parents
  std::vector<Survivor> survivors_;
  std::size_t killed_ = 0;
};

}  // namespace

TreeEnd end_below(pid_t root, const std::function<bool(pid_t)>& spared, Deadline limit, int stop_fd) {
  return Ending(root, spared, limit, stop_fd).run();
}

}  // namespace proc
