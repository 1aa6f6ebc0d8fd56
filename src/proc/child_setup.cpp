// SPDX-License-Identifier: Apache-2.0
#include "proc/child_setup.h"

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>

namespace proc {
namespace {

constexpr int kLastSignal = 64;
constexpr std::size_t kKernelMaskSize = kLastSignal / 8;

// All zero is SIG_DFL without flags and an empty mask in the kernel's struct sigaction, whose 32 bytes the C
// library does not declare.
struct alignas(8) KernelAction {
  char bytes[64];
};
constexpr KernelAction kDefaultAction{};

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

// The system calls themselves: sigaction(3) refuses the two signals that the C library uses, and sanitizers
// keep tables beside it, which are the parent's. KILL and STOP are refused by the kernel, rightly.
const char* reset_signals() {
  for (int signal = 1; signal <= kLastSignal; ++signal)
    ::syscall(SYS_rt_sigaction, signal, &kDefaultAction, nullptr, kKernelMaskSize);
  const char none[kKernelMaskSize] = {};
  if (::syscall(SYS_rt_sigprocmask, SIG_SETMASK, none, nullptr, kKernelMaskSize) != 0) return "sigprocmask";
  return nullptr;
}

}  // namespace proc
