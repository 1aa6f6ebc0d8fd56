// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace emulator {

/// Runs tasks that may block as long as they like: a task never waits for another one while fewer than `most`
/// threads exist. Threads are made when they are needed and stay. Any thread may call.
class Crew {
 public:
  explicit Crew(std::size_t most) : most_(most) {}
  /// As finish().
  ~Crew() { finish(); }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  /// False: it is being finished.
  bool run(std::function<void()> task);

  /// Blocks until every task has run and the threads have ended.
  void finish();

 private:
  void work();

  const std::size_t most_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;
  std::vector<std::thread> threads_;
  std::size_t idle_ = 0;
  bool finishing_ = false;
};

}  // namespace emulator
