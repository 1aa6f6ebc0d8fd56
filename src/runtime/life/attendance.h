// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"
#include "base/io/unique_fd.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>

namespace runtime {

/// Which workers are at work. One that has lost the Runtime API may come back, as long as another one has it;
/// when nobody is there any more, it is over for all. Any thread may call.
class Attendance {
 public:
  explicit Attendance(int workers);

  /// A worker has ended, or has lost the Runtime API. False: nobody is left, it is over, and not before the
  /// last one has spoken: whoever waits for that ends the process.
  bool leave(const std::function<void()>& last_words = [] {});

  /// Blocks for `pause`; then the worker counts again. False at once: it is over, or `stop_fd` is readable.
  bool come_back_after(std::chrono::milliseconds pause, int stop_fd);

  /// True as soon as it is over; false when `limit` passes before.
  bool wait_until_over(base::Deadline limit);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int present_;
  base::UniqueFd over_;  // an eventfd, readable once present_ is 0, which then stays
};

}  // namespace runtime
