// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/log/logger.h"
#include "event/batch/batch.h"
#include "handler/runner/runner.h"
#include "runtime/batch/batch_queue.h"
#include "runtime/call/outcome.h"
#include "runtime/log/account.h"
#include "runtime/settings/settings.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace runtime {

/// The handler over all records of one event, on as many threads as there are lanes. Every failed record has
/// its line in the log.
class BatchRun {
 public:
  /// All borrowed. `call`: of the whole event, whose deadlines are those of its records, too.
  BatchRun(const event::Batch& batch, const handler::Call& call, const Settings& settings,
           const std::string& handler, base::Logger& logger);

  /// What one lane does: record after record, until there is none left that may start. Nothing starts once
  /// the deadline has passed, or the environment is shut down.
  void work(handler::Runner& runner);

  /// After all lanes have returned.
  [[nodiscard]] const std::vector<bool>& done() const { return queue_.done(); }
  [[nodiscard]] const proc::Usage& usage() const { return usage_; }
  [[nodiscard]] std::size_t leftovers() const { return leftovers_; }
  /// Runners that ended a record when the time was up: what it left running can wait until the answer is out.
  [[nodiscard]] const std::set<handler::Runner*>& unsettled() const { return unsettled_; }

  /// Says how many records were not started, and why.
  void log_unstarted();

 private:
  std::optional<std::size_t> take();
  void give_back(std::size_t record, const Account& account);
  [[nodiscard]] bool is_over();
  [[nodiscard]] bool is_urgent() const;
  std::size_t settle(handler::Runner& runner);
  Account run_record(std::size_t record, handler::Runner& runner, base::LogBudget& budget);
  Outcome run_handler(std::size_t record, handler::Runner& runner, base::LogBudget& budget, Account& account);
  [[nodiscard]] Outcome judge_run(const proc::RunResult& run, const std::string& answer) const;
  [[nodiscard]] base::Result<base::MemoryFile> body_of(std::size_t record) const;

  const event::Batch& batch_;
  const handler::Call& call_;
  const Settings& settings_;
  const std::string& handler_;
  base::Logger& logger_;
  const std::chrono::milliseconds allotted_;

  std::mutex mutex_;  // for all below
  std::condition_variable ended_;
  BatchQueue queue_;
  std::string over_;  // why nothing starts any more; empty: it does
  proc::Usage usage_;
  std::size_t leftovers_ = 0;
  std::set<handler::Runner*> unsettled_;
};

}  // namespace runtime
