// SPDX-License-Identifier: Apache-2.0
#include "proc/child/exit_state.h"

#include <sys/wait.h>

#include <cstring>

namespace proc {
namespace {

// The kernel's first real-time signal is 32. The C library keeps two for itself, so that programs count
// from 34.
constexpr int kLibraryCancel = 32;
constexpr int kLibrarySetxid = 33;
constexpr int kFirstRealTime = 34;
constexpr int kLastSignal = 64;

std::string real_time_name(int signal) {
  const int offset = signal - kFirstRealTime;
  return offset == 0 ? "RTMIN" : "RTMIN" + std::to_string(offset);
}

}  // namespace

ExitState ExitState::from_wait_status(int wait_status) {
  if (WIFSIGNALED(wait_status)) return signaled(WTERMSIG(wait_status));
  return exited(WEXITSTATUS(wait_status));
}

std::string signal_name(int signal) {
  if (signal == kLibraryCancel) return "CANCEL";
  if (signal == kLibrarySetxid) return "SETXID";
  if (signal >= kFirstRealTime && signal <= kLastSignal) return real_time_name(signal);
  const char* abbreviation = ::sigabbrev_np(signal);
  return abbreviation != nullptr ? abbreviation : std::to_string(signal);
}

}  // namespace proc
