// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace proc {

/// How a process ended: by exit with a status, or by a signal. The two never share a number.
class ExitState {
 public:
  static ExitState exited(int status) { return ExitState(status, std::nullopt); }
  static ExitState signaled(int signal) { return ExitState(std::nullopt, signal); }
  /// From the status word of wait4(2).
  static ExitState from_wait_status(int wait_status);

  [[nodiscard]] std::optional<int> status() const { return status_; }
  [[nodiscard]] std::optional<int> signal() const { return signal_; }
  [[nodiscard]] bool success() const { return status_ == 0; }

  friend bool operator==(const ExitState&, const ExitState&) = default;

 private:
  ExitState(std::optional<int> status, std::optional<int> signal) : status_(status), signal_(signal) {}

  std::optional<int> status_;
  std::optional<int> signal_;
};

/// "SEGV", "KILL", "RTMIN3"…: the name without SIG, as it stands in error types; "35" style numbers never
/// occur for signals that Linux has.
std::string signal_name(int signal);

/// What the kernel says that a process and its waited-for descendants used.
struct Usage {
  std::size_t peak_memory_kib = 0;  ///< of the largest process; after vfork it can include the parent's own
  std::chrono::microseconds user_time{0};
  std::chrono::microseconds system_time{0};
};

}  // namespace proc
