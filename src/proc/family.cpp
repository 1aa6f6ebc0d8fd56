// SPDX-License-Identifier: Apache-2.0
#include "proc/family.h"

#include "base/deadline.h"
#include "proc/process_tree.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace proc {
namespace {

// A process that does not end within this after SIGKILL hangs in the kernel: it ends when it can.
constexpr auto kSweepLimit = std::chrono::seconds(5);
// The service gives the end of an environment 300 ms in all.
constexpr auto kLastLimit = std::chrono::milliseconds(50);

// The usual case between two calls, known without looking into /proc.
bool have_no_children() {
  siginfo_t unused{};
  return ::waitid(P_ALL, 0, &unused, WEXITED | WNOHANG | WNOWAIT) != 0 && errno == ECHILD;
}

std::set<pid_t> present_children() {
  if (have_no_children()) return {};
  const auto children = children_of(::getpid());
  return {children.begin(), children.end()};
}

}  // namespace

Family::Family() : elders_(present_children()) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

std::variant<Child, LaunchError> Family::start(const Command& command,
                                               const std::vector<DescriptorMapping>& descriptors) {
  const std::lock_guard lock(mutex_);
  auto started = Child::start(command, descriptors);
  if (auto* child = std::get_if<Child>(&started)) {
    child->family_ = this;
    known_.insert(child->pid());
  }
  return started;
}

void Family::forget(pid_t pid) {
  const std::lock_guard lock(mutex_);
  known_.erase(pid);
}

std::size_t Family::sweep() {
  if (have_no_children()) return 0;
  const std::lock_guard lock(mutex_);
  const auto spared = [this](pid_t pid) {
    return known_.contains(pid) || elders_.contains(pid) || kept_.contains(pid);
  };
  const auto ended = end_below(::getpid(), spared, base::Deadline::after(kSweepLimit));
  reap_strangers();
  return ended.killed;
}

void Family::keep_strangers() {
  if (have_no_children()) return;
  const std::lock_guard lock(mutex_);
  for (const pid_t pid : children_of(::getpid()))
    if (!known_.contains(pid)) kept_.insert(pid);
}

void Family::reap_ended() {
  if (have_no_children()) return;
  const std::lock_guard lock(mutex_);
  reap_strangers();
}

void Family::reap_strangers() {
  const auto children = children_of(::getpid());
  if (children.empty()) return reap_unlisted();
  for (const pid_t pid : children)
    if (!known_.contains(pid) && ::waitpid(pid, nullptr, WNOHANG) == pid) kept_.erase(pid);
}

// Without /proc nobody lists them. The kernel tells the first that has ended, until that is one who is waited
// for.
void Family::reap_unlisted() {
  siginfo_t ended{};
  while (::waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid != 0 &&
         !known_.contains(ended.si_pid))
    if (::waitpid(ended.si_pid, nullptr, WNOHANG) == ended.si_pid) kept_.erase(ended.si_pid);
}

void Family::end_all() {
  if (have_no_children()) return;
  const auto spared = [this](pid_t pid) { return elders_.contains(pid); };
  end_below(::getpid(), spared, base::Deadline::after(kLastLimit));
}

}  // namespace proc
