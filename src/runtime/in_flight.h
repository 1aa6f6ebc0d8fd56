// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"

#include <condition_variable>
#include <mutex>

namespace runtime {

/// Counts invocations between their event and their answer, so that a shutdown can wait for the answers and
/// for nothing else. Any thread may call.
class InFlight {
 public:
  /// One invocation is under way as long as this lives.
  class Token {
   public:
    explicit Token(InFlight& owner) : owner_(owner) { owner_.add(1); }
    Token(const Token&) = delete;
    Token& operator=(const Token&) = delete;
    ~Token() { owner_.add(-1); }

   private:
    InFlight& owner_;
  };

  /// True as soon as nothing is under way; false when `limit` passes before.
  bool wait_for_none(base::Deadline limit);

 private:
  void add(int change);

  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

}  // namespace runtime
