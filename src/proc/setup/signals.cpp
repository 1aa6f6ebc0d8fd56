// SPDX-License-Identifier: Apache-2.0
#include "proc/setup/signals.h"

#include "proc/setup/child_setup.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

namespace proc {
namespace {

sigset_t set_of(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  return set;
}

void block(const sigset_t& set) {
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

// 0 where none waits.
int take_signal(int fd) {
  signalfd_siginfo arrived;
  if (::read(fd, &arrived, sizeof arrived) != sizeof arrived) return 0;
  return static_cast<int>(arrived.ssi_signo);
}

// KILL and STOP are not ours to ignore; the others do nothing by default, and nobody could wait for children
// without SIGCHLD.
constexpr int kLeftAlone[] = {SIGKILL, SIGSTOP, SIGCHLD, SIGCONT, SIGURG, SIGWINCH};

bool is_left_alone(int signal, const sigset_t& blocked) {
  return sigismember(&blocked, signal) == 1 ||
         std::find(std::begin(kLeftAlone), std::end(kLeftAlone), signal) != std::end(kLeftAlone);
}

}  // namespace

bool is_ignored(int signal) {
  struct sigaction now {};
  return ::sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

SignalQueue::SignalQueue(std::initializer_list<int> signals) {
  // A thread that lets SIGCHLD through takes it from a queue that is made later for it: the kernel gives it
  // to anybody, and ignores it there.
  block(set_of({SIGPIPE, SIGCHLD}));
  const sigset_t queued = set_of(signals);
  fd_ = base::UniqueFd(::signalfd(-1, &queued, SFD_CLOEXEC | SFD_NONBLOCK));
  // Without a descriptor nobody could read them: then they keep their default action.
  if (fd_.valid()) block(queued);
}

bool SignalQueue::waits() const {
  pollfd signal{fd(), POLLIN, 0};
  return ::poll(&signal, 1, 0) > 0;
}

int SignalQueue::wait_until(base::Deadline limit) {
  while (true) {
    if (const int signal = take_signal(fd()); signal != 0) return signal;
    if (limit.passed()) return 0;
    pollfd waited{fd(), POLLIN, 0};
    ::poll(&waited, 1, limit.poll_timeout());
  }
}

// Real-time signals are blocked, because each ignored one would have to be reset in every child. The two of
// the C library cannot be: new threads let one of them through.
void refuse_other_signals() {
  sigset_t blocked;
  pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
  for (int signal = 1; signal < SIGRTMIN; ++signal)
    if (!is_left_alone(signal, blocked)) ignore_unless_handled(signal);
  sigset_t real_time;
  sigemptyset(&real_time);
  for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal) sigaddset(&real_time, signal);
  block(real_time);
}

}  // namespace proc
