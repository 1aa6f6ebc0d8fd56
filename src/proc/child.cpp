// SPDX-License-Identifier: Apache-2.0
#include "proc/child.h"

#include "proc/family.h"
#include "proc/launcher.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <utility>

namespace proc {
namespace {

// Ignoring SIGCHLD is inherited through exec, and the kernel then reaps children itself: their status would
// be lost.
void claim_children() {
  struct sigaction now {};
  if (::sigaction(SIGCHLD, nullptr, &now) == 0 && now.sa_handler == SIG_IGN) ::signal(SIGCHLD, SIG_DFL);
}

std::chrono::microseconds microseconds(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

Usage usage_of(const rusage& used) {
  return {static_cast<std::size_t>(used.ru_maxrss), microseconds(used.ru_utime), microseconds(used.ru_stime)};
}

}  // namespace

std::variant<Child, LaunchError> Child::start(const Command& command,
                                              const std::vector<DescriptorMapping>& descriptors) {
  claim_children();
  const auto launched = launch(command, descriptors);
  if (const auto* refused = std::get_if<LaunchError>(&launched)) return *refused;
  const pid_t pid = std::get<pid_t>(launched);
  Child child(pid,
              base::UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U))));  // always close-on-exec
  if (!child.pidfd_.valid()) return LaunchError{"pidfd_open", errno};
  return child;
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), family_(other.family_), pidfd_(std::move(other.pidfd_)) {}

Child::~Child() {
  if (pid_ < 0) return;
  signal_group(SIGKILL);
  reap();
}

bool Child::wait_until(base::Deadline limit) const {
  pollfd waited{pidfd_.get(), POLLIN, 0};
  while (::poll(&waited, 1, limit.poll_timeout()) <= 0)
    if (limit.passed()) return false;
  return true;
}

void Child::put_first_in_line() const {
  char path[40];
  std::snprintf(path, sizeof path, "/proc/%d/oom_score_adj", pid_);
  const base::UniqueFd file(::open(path, O_WRONLY | O_CLOEXEC));
  if (file.valid() && ::write(file.get(), "1000", 4) < 0) return;
}

void Child::signal_group(int signal) const {
  if (pid_ < 0) return;  // kill(1) would be the answer
  ::kill(-pid_, signal);
  // A leader that joined another group is still ours to end.
  if (::getpgid(pid_) != pid_) ::kill(pid_, signal);
}

Child::Ended Child::reap() {
  int wait_status = SIGKILL;  // a status that somebody else took must not pass for success
  rusage used{};
  while (::wait4(pid_, &wait_status, 0, &used) < 0 && errno == EINTR) continue;
  // Only now: a zombie that nobody answers for would be reaped by the next sweep, and its status lost.
  if (family_ != nullptr) family_->forget(pid_);
  pid_ = -1;
  return {ExitState::from_wait_status(wait_status), usage_of(used)};
}

}  // namespace proc
