// SPDX-License-Identifier: Apache-2.0
#include "base/deadline.h"

#include <algorithm>

namespace base {
namespace {

// poll(2) takes an int; a day is beyond every deadline of the service and callers loop anyway.
constexpr std::chrono::milliseconds kLongestPoll = std::chrono::hours(24);

}  // namespace

std::chrono::milliseconds unix_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now);
}

Deadline Deadline::at_unix_time(std::chrono::milliseconds since_epoch) {
  const auto wall = std::chrono::system_clock::now().time_since_epoch();
  return after(std::chrono::duration_cast<SteadyClock::duration>(since_epoch - wall));
}

SteadyClock::duration Deadline::remaining() const {
  if (!when_) return SteadyClock::duration::max();
  return std::max(SteadyClock::duration::zero(), *when_ - SteadyClock::now());
}

int Deadline::poll_timeout() const {
  if (!when_) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(remaining());
  return static_cast<int>(std::min(left, kLongestPoll).count());
}

Deadline Deadline::earlier_by(SteadyClock::duration margin) const {
  return when_ ? at(*when_ - margin) : never();
}

Deadline Deadline::earlier_of(Deadline a, Deadline b) {
  if (a.is_never() || b.is_never()) return a.is_never() ? b : a;
  return *a.when_ < *b.when_ ? a : b;
}

}  // namespace base
