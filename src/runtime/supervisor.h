// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/endpoint.h"
#include "base/logger.h"
#include "base/unique_fd.h"
#include "proc/family.h"
#include "proc/signals.h"
#include "runtime/in_flight.h"
#include "runtime/muster.h"
#include "runtime/prepare.h"

#include <variant>

namespace runtime {

/// Starts the workers, each with a runner of its own, waits for a signal or the end of a worker, and decides
/// how the process ends.
class Supervisor {
 public:
  /// All borrowed. `signals` holds SIGTERM and SIGINT back.
  Supervisor(const api::Endpoint& endpoint, const Prepared& prepared, proc::SignalQueue& signals,
             base::Logger& logger);

  /// Blocks for the life of the environment; the exit status of the process, or why a runner could not be
  /// made: then no event was asked for. Workers may still be parked in a poll that nothing can interrupt: the
  /// caller ends with _Exit, without destroying this.
  std::variant<int, handler::InitProblem> run();

 private:
  enum class Event { signal, worker_ended };

  void start_worker();
  void work();
  [[nodiscard]] Event wait_for_signal_or_worker() const;
  int shut_down();

  const api::Endpoint& endpoint_;
  const Prepared& prepared_;
  proc::SignalQueue& signals_;
  base::Logger& logger_;
  proc::Family family_;
  InFlight in_flight_;
  Muster muster_;
  base::UniqueFd stop_;           // eventfd: readable once the environment is shut down
  base::UniqueFd workers_ended_;  // eventfd: how many workers gave up
};

}  // namespace runtime
