// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/log/logger.h"
#include "handler/runner/runner.h"
#include "handler/spec/spec.h"
#include "runtime/settings/settings.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>

namespace runtime {

/// Runners that work side by side, each on a thread of its own: the first on that of the caller, the others
/// on threads that live as long as the process, because children die with the thread that started them.
class Lanes {
 public:
  using Made = std::variant<std::unique_ptr<handler::Runner>, handler::InitProblem>;
  using Make = std::function<Made()>;

  /// Makes `count` runners, each on its thread; blocks until all of them are there or one cannot be made.
  /// What `make` borrows outlives the process's last call.
  static std::variant<Lanes, handler::InitProblem> create(int count, const Make& make);

  Lanes(Lanes&&) = default;

  /// Runs `task` once on each lane; blocks until all have returned. On the thread of create() only.
  void run(const std::function<void(handler::Runner&)>& task);

 private:
  struct Shared;
  Lanes(std::shared_ptr<Shared> shared, std::unique_ptr<handler::Runner> own)
      : shared_(std::move(shared)), own_(std::move(own)) {}
  static void serve(const std::shared_ptr<Shared>& shared, const Make& make);

  std::shared_ptr<Shared> shared_;  // with the threads
  std::unique_ptr<handler::Runner> own_;
};

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
