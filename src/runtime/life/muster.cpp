// SPDX-License-Identifier: Apache-2.0
#include "runtime/life/muster.h"

#include <utility>

namespace runtime {

bool Muster::arrive(std::optional<handler::InitProblem> problem) {
  std::unique_lock lock(mutex_);
  --missing_;
  if (problem && !problem_) problem_ = std::move(problem);
  changed_.notify_all();
  changed_.wait(lock, [this] { return missing_ == 0 || problem_; });
  return !problem_;
}

std::optional<handler::InitProblem> Muster::problem() {
  const std::lock_guard lock(mutex_);
  return problem_;
}

}  // namespace runtime
