// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "handler/spec/spec.h"

#include <condition_variable>
#include <mutex>
#include <optional>

namespace runtime {

/// Where workers wait until all are ready, or one cannot be. Any thread may call.
class Muster {
 public:
  explicit Muster(int workers) : missing_(workers) {}

  /// Called once by each worker; blocks until the last one has, or one with a problem. True: all are ready.
  bool arrive(std::optional<handler::InitProblem> problem);

  /// The first one that arrived.
  [[nodiscard]] std::optional<handler::InitProblem> problem();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int missing_;
  std::optional<handler::InitProblem> problem_;
};

}  // namespace runtime
