// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <future>
#include <thread>
#include <utility>
#include <vector>

namespace support {

/// Calls that block, on threads of their own. Unlike those of std::async the futures may be dropped at any
/// time; the threads are joined at the end, so whoever owns this first makes every call return.
class Tasks {
 public:
  Tasks() = default;
  Tasks(const Tasks&) = delete;
  Tasks& operator=(const Tasks&) = delete;
  ~Tasks() { join(); }

  template <typename Function>
  auto run(Function function) {
    std::packaged_task task(std::move(function));
    auto result = task.get_future();
    threads_.emplace_back(std::move(task));
    return result;
  }

  void join() {
    for (auto& thread : threads_)
      if (thread.joinable()) thread.join();
  }

 private:
  std::vector<std::thread> threads_;
};

}  // namespace support
