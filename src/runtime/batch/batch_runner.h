// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/log/logger.h"
#include "handler/runner/runner.h"
#include "runtime/batch/lanes.h"
#include "runtime/settings/settings.h"

#include <cstddef>
#include <optional>
#include <set>
#include <string>

namespace runtime {

/// Runs a handler once for each record of an event, and answers with the partial-batch response. What is not
/// known to have succeeded is reported as failed. An event that is none of the source starts nothing and is
/// an error, so that all of it is delivered again.
class BatchRunner : public handler::Runner {
 public:
  /// `settings`, with a batch source, `handler` and `logger` are borrowed.
  BatchRunner(Lanes lanes, const Settings& settings, const std::string& handler, base::Logger& logger)
      : lanes_(std::move(lanes)), settings_(settings), handler_(handler), logger_(logger) {}

  /// Succeeds whatever became of the records: each is judged by itself.
  proc::RunResult run(const handler::Call& call) override;

  /// How many processes the records left running. They were ended after each record, but for those of the
  /// last ones where the time was up.
  handler::Settled settle() override;

  /// On each lane.
  std::optional<handler::InitProblem> run_hook(const handler::WarmHook& hook) override;

 private:
  proc::RunResult run_batch(const event::Batch& batch, const handler::Call& call);
  [[nodiscard]] proc::Ending answer(const handler::Call& call, const std::string& response) const;

  Lanes lanes_;
  const Settings& settings_;
  const std::string& handler_;
  base::Logger& logger_;
  std::size_t leftovers_ = 0;
  std::set<handler::Runner*> unsettled_;
};

}  // namespace runtime
