// SPDX-License-Identifier: Apache-2.0
#include "cli/invoke/lineup.h"

#include <utility>

namespace cli {

Lineup::Lineup(std::size_t count, std::size_t most_open, std::function<bool(Finished)> pass_on)
    : count_(count), most_open_(most_open), pass_on_(std::move(pass_on)) {}

std::optional<std::size_t> Lineup::take() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return given_up_ || taken_ == count_ || taken_ - passed_on_ < most_open_; });
  if (given_up_ || taken_ == count_) return std::nullopt;
  return taken_++;
}

void Lineup::bring(std::size_t number, Finished finished) {
  const std::lock_guard lock(mutex_);
  early_.emplace(number, std::move(finished));
  while (!given_up_ && !early_.empty() && early_.begin()->first == passed_on_) {
    given_up_ = !pass_on_(std::move(early_.begin()->second));
    early_.erase(early_.begin());
    ++passed_on_;
  }
  changed_.notify_all();
}

}  // namespace cli
