// SPDX-License-Identifier: Apache-2.0
#include "runtime/in_flight.h"

namespace runtime {

bool InFlight::wait_for_none(base::Deadline limit) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, limit.remaining(), [this] { return count_ == 0; });
}

void InFlight::add(int change) {
  const std::lock_guard lock(mutex_);
  count_ += change;
  changed_.notify_all();
}

}  // namespace runtime
