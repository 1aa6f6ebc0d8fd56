// SPDX-License-Identifier: Apache-2.0
#include "runtime/batch/batch_queue.h"

#include <algorithm>

namespace runtime {

BatchQueue::BatchQueue(const event::Batch& batch)
    : records_(batch.records), states_(records_.size(), State::waiting), done_(records_.size(), false) {}

std::optional<std::size_t> BatchQueue::next() {
  std::set<std::size_t> passed_over;
  while (first_waiting_ < records_.size() &&
         (states_[first_waiting_] != State::waiting || is_held_back(first_waiting_)))
    ++first_waiting_;
  for (auto i = first_waiting_; i < records_.size(); ++i) {
    const auto order = records_[i].order;
    if (states_[i] != State::waiting || is_held_back(i)) continue;
    // Of its order an earlier one waits or runs.
    if (busy_orders_.contains(order) || !passed_over.insert(order).second) continue;
    states_[i] = State::running;
    busy_orders_.insert(order);
    ++running_;
    return i;
  }
  return std::nullopt;
}

void BatchQueue::finish(std::size_t record, bool succeeded) {
  states_[record] = State::ended;
  busy_orders_.erase(records_[record].order);
  --running_;
  done_[record] = succeeded;
  if (succeeded) return;
  const auto [place, is_first] = first_failed_.try_emplace(records_[record].scope, record);
  if (!is_first) place->second = std::min(place->second, record);
}

bool BatchQueue::is_held_back(std::size_t record) const {
  const auto failed = first_failed_.find(records_[record].scope);
  return failed != first_failed_.end() && failed->second < record;
}

std::size_t BatchQueue::never_started() const {
  return static_cast<std::size_t>(std::count(states_.begin(), states_.end(), State::waiting));
}

}  // namespace runtime
