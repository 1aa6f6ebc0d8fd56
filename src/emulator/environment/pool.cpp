// SPDX-License-Identifier: Apache-2.0
#include "emulator/environment/pool.h"

#include <algorithm>
#include <utility>

namespace emulator {

Pool::Pool(std::vector<std::unique_ptr<Place>> places, std::size_t most_waiting)
    : places_(std::move(places)), most_waiting_(most_waiting), woken_(places_.size()) {
  for (std::size_t number = places_.size(); number-- > 0;) idle_.push_back(number);
  for (std::size_t number = 0; number < places_.size(); ++number)
    workers_.emplace_back([this, number] { work(number); });
}

/// A second cancel() would cut short what is ending politely.
Pool::~Pool() {
  std::unique_lock lock(mutex_);
  const bool running = !cancelled_;
  lock.unlock();
  if (running) cancel();
  for (auto& worker : workers_) worker.join();
}

std::optional<std::future<Place::Served>> Pool::submit(Event event) {
  auto listener = event.listener;
  Job job{std::move(event), std::move(listener), {}};
  auto served = job.served.get_future();
  const std::lock_guard lock(mutex_);
  if (cancelled_) {
    finish(job, {Cancelled{}, ""});
    return served;
  }
  if (waiting_.size() >= most_waiting_ + idle_.size()) return std::nullopt;
  waiting_.push_back(std::move(job));
  wake_next();
  return served;
}

void Pool::cancel() {
  std::deque<Job> dropped;
  {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    dropped.swap(waiting_);
    for (auto& woken : woken_) woken.notify_one();
  }
  for (auto& job : dropped) finish(job, {Cancelled{}, ""});
  for (const auto& place : places_) place->cancel();
}

void Pool::finish(Job& job, Place::Served served) {
  job.served.set_value(std::move(served));
  if (job.listener) job.listener->end();
}

void Pool::wake_next() {
  if (!waiting_.empty() && !idle_.empty()) woken_[idle_.back()].notify_one();
}

/// The place is free before its caller knows: whoever calls again at once shall find it.
void Pool::work(std::size_t number) {
  while (auto job = take(number)) {
    auto served = places_[number]->serve(std::move(job->event));
    {
      const std::lock_guard lock(mutex_);
      idle_.push_back(number);
    }
    finish(*job, std::move(served));
  }
}

std::optional<Pool::Job> Pool::take(std::size_t number) {
  std::unique_lock lock(mutex_);
  woken_[number].wait(lock, [&] { return cancelled_ || (!waiting_.empty() && idle_.back() == number); });
  if (cancelled_) return std::nullopt;
  auto job = std::move(waiting_.front());
  waiting_.pop_front();
  idle_.pop_back();
  wake_next();  // the next in line may be for the next place
  return job;
}

}  // namespace emulator
