// SPDX-License-Identifier: Apache-2.0
#include "runtime/batch/lanes.h"

#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace runtime {

struct Lanes::Shared {
  std::mutex mutex;
  std::condition_variable changed;
  int others = 0;   // lanes on threads of their own
  int arrived = 0;  // of them: those that have a runner, or cannot have one
  std::optional<handler::InitProblem> problem;
  const std::function<void(handler::Runner&)>* task = nullptr;
  unsigned round = 0;  // of tasks
  int busy = 0;        // lanes that have not returned from the round's
};

std::variant<Lanes, handler::InitProblem> Lanes::create(int count, const Make& make) {
  auto shared = std::make_shared<Shared>();
  shared->others = count - 1;
  for (int i = 1; i < count; ++i) std::thread([shared, make] { serve(shared, make); }).detach();
  auto made = make();
  if (auto* problem = std::get_if<handler::InitProblem>(&made)) return std::move(*problem);
  std::unique_lock lock(shared->mutex);
  shared->changed.wait(lock, [&] { return shared->problem || shared->arrived == shared->others; });
  if (shared->problem) return *shared->problem;
  lock.unlock();
  return Lanes(std::move(shared), std::get<std::unique_ptr<handler::Runner>>(std::move(made)));
}

void Lanes::run(const std::function<void(handler::Runner&)>& task) {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->task = &task;
    shared_->busy = shared_->others;
    ++shared_->round;
  }
  shared_->changed.notify_all();
  task(*own_);
  std::unique_lock lock(shared_->mutex);
  shared_->changed.wait(lock, [&] { return shared_->busy == 0; });
}

// Never returns: its children would end.
void Lanes::serve(const std::shared_ptr<Shared>& shared, const Make& make) {
  auto made = make();
  auto* runner = std::get_if<std::unique_ptr<handler::Runner>>(&made);
  std::unique_lock lock(shared->mutex);
  if (runner == nullptr) shared->problem = std::get<handler::InitProblem>(made);
  ++shared->arrived;
  shared->changed.notify_all();
  while (runner == nullptr) shared->changed.wait(lock);
  for (unsigned seen = 0;;) {
    shared->changed.wait(lock, [&] { return shared->round != seen; });
    seen = shared->round;
    const auto& task = *shared->task;
    lock.unlock();
    task(**runner);
    lock.lock();
    --shared->busy;
    shared->changed.notify_all();
  }
}

}  // namespace runtime
