// SPDX-License-Identifier: Apache-2.0
#include "runtime/departures.h"

namespace runtime {

void Departures::note_one() {
  const std::lock_guard lock(mutex_);
  --missing_;
  changed_.notify_all();
}

bool Departures::wait_for_all(base::Deadline limit) {
  std::unique_lock lock(mutex_);
  const auto all_ended = [this] { return missing_ == 0; };
  if (!limit.is_never()) return changed_.wait_for(lock, limit.remaining(), all_ended);
  changed_.wait(lock, all_ended);
  return true;
}

}  // namespace runtime
