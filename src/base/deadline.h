// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>

namespace base {

using SteadyClock = std::chrono::steady_clock;

/// A point on the steady clock, or never. A wall clock time is converted exactly once, so that a clock step
/// cannot move it afterwards. A value type without I/O but for reading the clocks.
class Deadline {
 public:
  static Deadline never() { return Deadline(std::nullopt); }
  static Deadline at(SteadyClock::time_point when) { return Deadline(when); }
  static Deadline after(SteadyClock::duration from_now) { return at(SteadyClock::now() + from_now); }

  /// `since_epoch`: Unix time, as the service sends it.
  static Deadline at_unix_time(std::chrono::milliseconds since_epoch);

  [[nodiscard]] bool is_never() const { return !when_; }
  [[nodiscard]] bool passed() const { return when_ && *when_ <= SteadyClock::now(); }

  /// Time left, never negative; the longest duration for never.
  [[nodiscard]] SteadyClock::duration remaining() const;

  /// For poll(2): milliseconds rounded up, so that a wake-up is never too early; -1 for never.
  [[nodiscard]] int poll_timeout() const;

  /// This deadline moved forward by `margin`; never stays never.
  [[nodiscard]] Deadline earlier_by(SteadyClock::duration margin) const;

  [[nodiscard]] static Deadline earlier_of(Deadline a, Deadline b);

 private:
  explicit Deadline(std::optional<SteadyClock::time_point> when) : when_(when) {}

  std::optional<SteadyClock::time_point> when_;
};

/// Milliseconds of Unix time, now.
std::chrono::milliseconds unix_now();

}  // namespace base
