// SPDX-License-Identifier: Apache-2.0
#include "proc/setup/child_setup.h"

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>

namespace proc {
namespace {

constexpr int kLastSignal = 64;
constexpr int kFirstRealTime = 32;  // the kernel's; the C library's own two are among them

// The head of the kernel's struct sigaction, which the C library does not declare, and room for the rest of
// it. All zero is SIG_DFL without flags and with an empty mask.
struct KernelAction {
  std::uintptr_t handler;
  std::uintptr_t rest[7];
};
constexpr KernelAction kDefaultAction{};
constexpr auto kIgnore = std::uintptr_t{1};  // SIG_IGN
constexpr KernelAction kIgnoreAction{kIgnore, {}};

// The system call itself: sigaction(3) refuses the two signals of the C library, and sanitizers keep tables
// beside it, which are the parent's.
long exchange_action(int signal, const KernelAction* now, KernelAction* before) {
  return ::syscall(SYS_rt_sigaction, signal, now, before, sizeof(SignalBits));
}

constexpr SignalBits bit_of(int signal) {
  return SignalBits{1} << (signal - 1);
}

SignalBits ignored_real_time() {
  SignalBits ignored = 0;
  for (int signal = kFirstRealTime; signal <= kLastSignal; ++signal) {
    KernelAction action{};
    if (exchange_action(signal, nullptr, &action) == 0 && action.handler == kIgnore)
      ignored |= bit_of(signal);
  }
  return ignored;
}

}  // namespace

const char* take_place_under(pid_t parent) {
  if (::setpgid(0, 0) != 0) return "setpgid";
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  return nullptr;
}

const char* enter_directory(const char* path) {
  return ::chdir(path) == 0 ? nullptr : "chdir";
}

SignalBits inherited_ignored_real_time() {
  static const SignalBits ignored = ignored_real_time();
  return ignored;
}

// Of KILL and STOP nobody can have changed it.
const char* reset_signals(SignalBits real_time) {
  for (int signal = 1; signal < kFirstRealTime; ++signal)
    if (signal != SIGKILL && signal != SIGSTOP) exchange_action(signal, &kDefaultAction, nullptr);
  for (int signal = kFirstRealTime; real_time != 0 && signal <= kLastSignal; ++signal)
    if (real_time & bit_of(signal)) exchange_action(signal, &kDefaultAction, nullptr);
  const SignalBits none = 0;
  return ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, nullptr, sizeof none) == 0 ? nullptr
                                                                                      : "sigprocmask";
}

void ignore_unless_handled(int signal) {
  KernelAction now{};
  if (exchange_action(signal, nullptr, &now) == 0 && now.handler == kDefaultAction.handler)
    exchange_action(signal, &kIgnoreAction, nullptr);
}

}  // namespace proc
