// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/connection/endpoint.h"
#include "base/log/logger.h"
#include "proc/child/family.h"
#include "proc/setup/signals.h"
#include "runtime/call/worker.h"
#include "runtime/life/attendance.h"
#include "runtime/life/muster.h"
#include "runtime/life/prepare.h"
#include "runtime/life/shutdown.h"
#include "runtime/life/snapshot.h"

#include <memory>
#include <optional>
#include <variant>

namespace runtime {

/// Starts the workers, each with a runner of its own, and decides how the process ends. The first worker is
/// the calling thread, so that the usual process has no other; a signal that waits to be read stops them all.
/// A worker that fails comes back with a new connection and disturbs no other; only when all have lost the
/// Runtime API there is none. As the first process of a container it has one more, which reaps the orphans of
/// others.
class Supervisor {
 public:
  /// All borrowed. `signals` holds those back that end the environment.
  Supervisor(const api::Endpoint& endpoint, const Prepared& prepared, proc::Family& family,
             const proc::SignalQueue& signals, base::Logger& logger);

  /// Blocks for the life of the environment; the exit status of the process, or why a runner could not be
  /// made: then no event was asked for. Other workers may not have ended yet: the caller ends with _Exit,
  /// without destroying this.
  std::variant<int, handler::InitProblem> run();

 private:
  std::variant<int, handler::InitProblem> wait_for_the_rest();
  void start_reaper();
  bool start_worker();
  void work(bool is_first);
  void serve_until_over(std::unique_ptr<handler::Runner> runner);
  Worker::End serve(std::unique_ptr<handler::Runner>& runner);
  [[nodiscard]] std::variant<std::unique_ptr<handler::Runner>, handler::InitProblem> make();
  [[nodiscard]] bool stopping() const;

  const api::Endpoint& endpoint_;
  const Prepared& prepared_;
  const proc::SignalQueue& signals_;
  base::Logger& logger_;
  proc::Family& family_;
  Shutdown shutdown_;
  Muster muster_;
  Snapshot snapshot_;
  Attendance attendance_;
  std::optional<proc::SignalQueue> orphans_;  // SIGCHLD, where we are the first process
};

}  // namespace runtime
