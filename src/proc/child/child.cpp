// SPDX-License-Identifier: Apache-2.0
#include "proc/child/child.h"

#include "proc/child/family.h"
#include "proc/child/launcher.h"
#include "proc/tree/process_tree.h"
#include "proc/tree/survivor.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <thread>
#include <utility>

namespace proc {
namespace {

using base::Deadline;

// How long whoever traces a child may take to let go of its status: strace does so at once.
constexpr auto kTracerLimit = std::chrono::milliseconds(200);

// Ignoring SIGCHLD is inherited through exec, and the kernel then reaps children itself: their status would
// be lost. Nothing of ours ever ignores it.
bool claim_children() {
  struct sigaction now {};
  if (::sigaction(SIGCHLD, nullptr, &now) == 0 && now.sa_handler == SIG_IGN) ::signal(SIGCHLD, SIG_DFL);
  return true;
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
  return start(command, descriptors, nullptr);
}

std::variant<Child, LaunchError> Child::start(const Command& command,
                                              const std::vector<DescriptorMapping>& descriptors,
                                              std::atomic<pid_t>* announced) {
  [[maybe_unused]] static const bool claimed = claim_children();
  auto launched = launch(command, descriptors, announced);
  if (launched.pid < 0) return *std::move(launched.refused);
  Child child(
      launched.pid,
      base::UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, launched.pid, 0U))));  // always close-on-exec
  if (launched.refused) return *std::move(launched.refused);  // and it is on its way out
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
  if (auto ended = take_status()) return let_go(*std::move(ended));
  const bool is_dead = wait_until_dead();
  for (const auto limit = Deadline::after(kTracerLimit); is_dead && !limit.passed();) {
    if (auto ended = take_status()) return let_go(*std::move(ended));
    std::this_thread::sleep_for(DeathLimit::kPause);
  }
  return abandon();
}

Child::Ended Child::abandon() {
  if (auto ended = take_status()) return let_go(*std::move(ended));
  const auto survivor = killed_survivor(pid_);
  if (process_stat(pid_).has_ended())
    return let_go({ExitState::signaled(SIGKILL), {}, "another process traces it and keeps its status"});
  if (family_ != nullptr) family_->leave_behind({survivor});
  return let_go({ExitState::signaled(SIGKILL), {}, survivor.reason});
}

// A pidfd may be wanting.
bool Child::wait_until_dead() const {
  for (DeathLimit limit; !wait_until(Deadline::after(DeathLimit::kPause));) {
    if (process_stat(pid_).has_ended()) return true;
    if (limit.passed(hangs_in_kernel(pid_))) return false;
  }
  return true;
}

// A zombie that somebody else traces is not ours to reap before that one has: a wait would last as long.
std::optional<Child::Ended> Child::take_status() const {
  int wait_status = 0;
  rusage used{};
  const pid_t reaped = ::wait4(pid_, &wait_status, WNOHANG, &used);
  if (reaped == pid_) return Ended{ExitState::from_wait_status(wait_status), usage_of(used)};
  if (reaped == 0) return std::nullopt;
  // A status that somebody else took must not pass for success.
  return Ended{ExitState::signaled(SIGKILL), {}, std::string("wait4: ") + std::strerror(errno)};
}

// Only now: a zombie that nobody answers for would be reaped by the next sweep, and its status lost.
Child::Ended Child::let_go(Ended ended) {
  if (family_ != nullptr) family_->forget(pid_);
  pid_ = -1;
  return ended;
}

}  // namespace proc
