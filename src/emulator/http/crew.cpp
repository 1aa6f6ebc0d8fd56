// SPDX-License-Identifier: Apache-2.0
#include "emulator/http/crew.h"

#include <utility>

namespace emulator {

/// Threads that are awake already but have not yet taken their task count as idle, and so do their tasks as
/// waiting: comparing both misses none.
bool Crew::run(std::function<void()> task) {
  const std::lock_guard lock(mutex_);
  if (finishing_) return false;
  tasks_.push_back(std::move(task));
  if (tasks_.size() > idle_ && threads_.size() < most_) {
    ++idle_;
    threads_.emplace_back([this] { work(); });
  }
  changed_.notify_one();
  return true;
}

void Crew::finish() {
  {
    const std::lock_guard lock(mutex_);
    finishing_ = true;
    changed_.notify_all();
  }
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
}

/// Counted as idle from before its start.
void Crew::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return !tasks_.empty() || finishing_; });
    --idle_;
    if (tasks_.empty()) return;
    const auto task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    lock.lock();
    ++idle_;
  }
}

}  // namespace emulator
