// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "identity.h"
#include "proc/child/child.h"

#include <cstddef>
#include <optional>
#include <string>

namespace concurrency {

/// `shellstrap serve --concurrency WORKERS`, and as many callers.
class EmulatedService {
 public:
  struct Options {
    std::string cli;
    std::string bootstrap;
    std::string task_root;
    std::string handler;
    std::size_t workers = 1;
  };
  explicit EmulatedService(const Options& options);
  ~EmulatedService();

  /// Calls the function `count` times, as many at a time as there are workers, and blocks until all are
  /// answered.
  Tally run(std::size_t count, const std::string& what);

 private:
  const std::size_t workers_;
  int port_ = 0;
  std::optional<proc::Child> child_;
};

}  // namespace concurrency
