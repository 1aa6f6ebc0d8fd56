// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <thread>

namespace support {

/// How much later than it should the machine runs whoever has slept: a thread that sleeps 5 ms at a time and
/// adds up what it overslept. Upper limits of time get room for it, so that they are strict on a calm machine
/// and do not fail on a starved one.
class Lateness {
 public:
  Lateness() : sleeper_([this](const std::stop_token& stop) { watch(stop); }) {}

  /// Room for one event after which a few processes have to be run in turns, each as late as the sleeper was.
  [[nodiscard]] std::chrono::steady_clock::duration room() const {
    return 4 * std::chrono::steady_clock::duration(overslept_.load());
  }

 private:
  void watch(const std::stop_token& stop) {
    constexpr auto kNap = std::chrono::milliseconds(5);
    constexpr std::chrono::steady_clock::duration kUsual = std::chrono::milliseconds(1);
    for (auto due = std::chrono::steady_clock::now() + kNap; !stop.stop_requested();
         due = std::chrono::steady_clock::now() + kNap) {
      std::this_thread::sleep_until(due);
      const auto late = std::chrono::steady_clock::now() - due;
      if (late > kUsual) overslept_ += late.count();
    }
  }

  std::atomic<std::chrono::steady_clock::rep> overslept_ = 0;
  std::jthread sleeper_;
};

}  // namespace support
