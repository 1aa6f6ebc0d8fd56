// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "event/batch/batch.h"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace runtime {

/// Which record of a batch is next, and what became of each. Those of one order never run side by side and
/// keep their sequence; behind one that failed nothing of its scope is started any more. Pure and not
/// synchronised.
class BatchQueue {
 public:
  /// Borrowed.
  explicit BatchQueue(const event::Batch& batch);

  /// A record that may start now, and counts as running; nullopt: there is none, or none until another ends.
  std::optional<std::size_t> next();

  /// Ends a record that next() has handed out.
  void finish(std::size_t record, bool succeeded);

  [[nodiscard]] bool is_idle() const { return running_ == 0; }

  /// Of each record, whether it has succeeded. One that was not started has not.
  [[nodiscard]] const std::vector<bool>& done() const { return done_; }
  [[nodiscard]] std::size_t never_started() const;

 private:
  enum class State { waiting, running, ended };

  [[nodiscard]] bool is_held_back(std::size_t record) const;

  const std::vector<event::BatchRecord>& records_;
  std::vector<State> states_;
  std::vector<bool> done_;
  std::size_t first_waiting_ = 0;  // all before it have been started or held back
  std::size_t running_ = 0;
  std::set<std::size_t> busy_orders_;
  std::map<std::size_t, std::size_t> first_failed_;  // record by scope
};

}  // namespace runtime
