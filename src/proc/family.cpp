// SPDX-License-Identifier: Apache-2.0
#include "proc/family.h"

#include "base/deadline.h"
#include "proc/process_tree.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <thread>

namespace proc {
namespace {

// A process that does not end within this after SIGKILL hangs in the kernel: it ends when it can.
constexpr auto kSweepLimit = std::chrono::seconds(1);
constexpr auto kPause = std::chrono::milliseconds(1);

// The usual case between two calls, known without looking into /proc.
bool have_no_children() {
  siginfo_t unused{};
  return ::waitid(P_ALL, 0, &unused, WEXITED | WNOHANG | WNOWAIT) != 0 && errno == ECHILD;
}

bool has_ended(pid_t pid) {
  siginfo_t state{};
  return ::waitid(P_PID, static_cast<id_t>(pid), &state, WEXITED | WNOHANG | WNOWAIT) != 0 ||
         state.si_pid == pid;
}

}  // namespace

Family::Family() {
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

std::vector<pid_t> Family::strangers() const {
  auto children = children_of(::getpid());
  std::erase_if(children, [this](pid_t pid) { return known_.contains(pid); });
  return children;
}

std::size_t Family::sweep() {
  if (have_no_children()) return 0;
  const auto limit = base::Deadline::after(kSweepLimit);
  const std::lock_guard lock(mutex_);
  std::set<pid_t> killed;
  for (auto pids = strangers(); !pids.empty() && !limit.passed(); pids = strangers()) {
    for (const pid_t pid : pids)
      if (!has_ended(pid) && ::kill(pid, SIGKILL) == 0) killed.insert(pid);
    for (const pid_t pid : pids)
      while (::waitpid(pid, nullptr, WNOHANG) == 0 && !limit.passed()) std::this_thread::sleep_for(kPause);
  }
  return killed.size();
}

void Family::reap_ended() {
  if (have_no_children()) return;
  const std::lock_guard lock(mutex_);
  for (const pid_t pid : strangers()) ::waitpid(pid, nullptr, WNOHANG);
}

}  // namespace proc
