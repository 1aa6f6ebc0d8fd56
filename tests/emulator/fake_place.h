// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "emulator/call/place.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

/// What fake places have seen, and a gate that holds their calls up.
class PlaceDiary {
 public:
  void hold() { set(true); }
  void release() { set(false); }

  void write(emulator::Event event, int place) {
    std::unique_lock lock(mutex_);
    events_.push_back(std::move(event));
    places_.push_back(place);
    changed_.notify_all();
    changed_.wait(lock, [this] { return !held_; });
  }
  /// Blocks until there are as many.
  void wait_for_events(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return events_.size() >= count; });
  }
  std::vector<emulator::Event> events() {
    const std::lock_guard lock(mutex_);
    return events_;
  }
  std::vector<int> places() {
    const std::lock_guard lock(mutex_);
    return places_;
  }

  emulator::Place::Served next_answer{emulator::Answered{"\"done\"", "application/json"}, "a log\n"};

 private:
  void set(bool held) {
    const std::lock_guard lock(mutex_);
    held_ = held;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<emulator::Event> events_;
  std::vector<int> places_;
  bool held_ = false;
};

class FakePlace : public emulator::Place {
 public:
  FakePlace(PlaceDiary& diary, int number) : diary_(diary), number_(number) {}
  Served serve(emulator::Event event) override {
    diary_.write(std::move(event), number_);
    return diary_.next_answer;
  }
  void cancel() override { diary_.release(); }

 private:
  PlaceDiary& diary_;
  const int number_;
};

inline std::vector<std::unique_ptr<emulator::Place>> fake_places(PlaceDiary& diary, int count) {
  std::vector<std::unique_ptr<emulator::Place>> places;
  for (int number = 0; number < count; ++number) places.push_back(std::make_unique<FakePlace>(diary, number));
  return places;
}
