// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"

#include <condition_variable>
#include <mutex>

namespace runtime {

/// Counts the workers that have ended. Any thread may call.
class Departures {
 public:
  explicit Departures(int workers) : missing_(workers) {}

  void note_one();

  /// True as soon as all have ended; false when `limit` passes before.
  bool wait_for_all(base::Deadline limit);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int missing_;
};

}  // namespace runtime
