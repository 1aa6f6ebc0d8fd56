// SPDX-License-Identifier: Apache-2.0
#include "runtime/life/attendance.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cstdint>

namespace runtime {

Attendance::Attendance(int workers) : present_(workers), over_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

bool Attendance::leave(const std::function<void()>& last_words) {
  const std::lock_guard lock(mutex_);
  if (--present_ > 0) return true;
  last_words();
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(over_.get(), &one, sizeof one);
  changed_.notify_all();
  return false;
}

bool Attendance::come_back_after(std::chrono::milliseconds pause, int stop_fd) {
  std::array<pollfd, 2> reasons{{{over_.get(), POLLIN, 0}, {stop_fd, POLLIN, 0}}};
  const auto limit = base::Deadline::after(pause);
  while (!limit.passed())
    if (::poll(reasons.data(), reasons.size(), limit.poll_timeout()) > 0) return false;
  const std::lock_guard lock(mutex_);
  if (present_ == 0) return false;
  ++present_;
  return true;
}

bool Attendance::wait_until_over(base::Deadline limit) {
  std::unique_lock lock(mutex_);
  const auto is_over = [this] { return present_ == 0; };
  if (!limit.is_never()) return changed_.wait_for(lock, limit.remaining(), is_over);
  changed_.wait(lock, is_over);
  return true;
}

}  // namespace runtime
