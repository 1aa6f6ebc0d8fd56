// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "emulator/call/place.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace emulator {

/// Calls wait in one line for the next free place. The place that was used last is preferred, as it is warm.
/// Any thread may call.
class Pool {
 public:
  /// `most_waiting`: calls beyond those that a free place takes at once.
  Pool(std::vector<std::unique_ptr<Place>> places, std::size_t most_waiting);
  /// cancel() unless that was done, and waits until the places have ended.
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /// Puts a call in line and returns at once; nullopt: too many wait already. The call's listener is told of
  /// the end when the future has its value.
  std::optional<std::future<Place::Served>> submit(Event event);

  /// Every running, waiting and later call ends as Cancelled. Calling it again hastens the end, as with
  /// Place::cancel. Does not block.
  void cancel();

 private:
  struct Job {
    Event event;
    std::shared_ptr<AnswerListener> listener;
    std::promise<Place::Served> served;
  };
  static void finish(Job& job, Place::Served served);
  void work(std::size_t number);
  std::optional<Job> take(std::size_t number);
  void wake_next();

  std::vector<std::unique_ptr<Place>> places_;
  const std::size_t most_waiting_;
  std::mutex mutex_;
  std::vector<std::condition_variable> woken_;  // one for each place: of many idle ones a call wakes one
  std::deque<Job> waiting_;
  std::vector<std::size_t> idle_;  // numbers of places, the one used last at the end
  bool cancelled_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace emulator
