// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proc/child/child.h"

#include <cstddef>
#include <string>

namespace concurrency {

/// A bootstrap with so many workers, as a managed instance starts it, for a Runtime API of ours. Ended with
/// this.
class Subject {
 public:
  struct Options {
    std::string bootstrap;
    std::string task_root;
    std::string handler;
    std::string address;
    std::size_t workers = 1;
  };
  explicit Subject(const Options& options);
  ~Subject();

  /// Of the bootstrap and everything below it, shared pages by their share (PSS); 0: not readable.
  [[nodiscard]] std::size_t memory_kib() const;

 private:
  proc::Child child_;
};

}  // namespace concurrency
