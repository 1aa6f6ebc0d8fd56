// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "handler/runner/runner.h"
#include "runtime/settings/settings.h"
#include "runtime/tracing/xray_daemon.h"
#include "runtime/tracing/xray_subsegment.h"

#include <memory>
#include <optional>
#include <string>

namespace runtime {

/// Tells X-Ray of each run of another runner whose trace is recorded: one subsegment, below which the child
/// finds itself by its _X_AMZN_TRACE_ID. See docs/tracing.md.
class XrayRunner : public handler::Runner {
 public:
  /// All but `inner` is borrowed. `handler`: its name. `directory`: where it runs.
  XrayRunner(std::unique_ptr<handler::Runner> inner, const Settings& settings, const std::string& handler,
             const std::string& directory, XrayDaemon& daemon);

  proc::RunResult run(const handler::Call& call) override;

  /// Sends what the run was: now that its answer is out it delays nothing.
  handler::Settled settle() override;

  std::optional<handler::InitProblem> run_hook(const handler::WarmHook& hook) override {
    return inner_->run_hook(hook);
  }

 private:
  proc::RunResult run_traced(const handler::Call& call, const api::TraceHeader& trace);
  [[nodiscard]] std::optional<XrayFault> fault_of(const proc::RunResult& run,
                                                  std::chrono::milliseconds allotted) const;
  void send();

  std::unique_ptr<handler::Runner> inner_;
  const Settings& settings_;
  const std::string& handler_;
  const std::string& directory_;
  XrayDaemon& daemon_;
  std::optional<XraySubsegment> unsent_;
};

}  // namespace runtime
