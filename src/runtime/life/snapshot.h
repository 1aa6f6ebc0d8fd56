// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/connection/endpoint.h"
#include "base/deadline.h"
#include "base/log/logger.h"
#include "handler/runner/runner.h"
#include "proc/child/family.h"
#include "runtime/life/muster.h"
#include "runtime/life/prepare.h"

#include <chrono>
#include <optional>

namespace runtime {

/// SnapStart: what lies between a process that is ready and the first poll of each of its copies. Until all
/// is over nobody has a connection or a deadline, so that none of before is left in a copy. Where no snapshot
/// is taken, nothing. See docs/hooks.md.
class Snapshot {
 public:
  /// The service grants 10 s for a restore and what follows it; of how much the restore has taken we know
  /// nothing.
  static constexpr std::chrono::milliseconds kAfterRestore{9000};

  /// Everything is borrowed. `after_restore`: how long the hooks of a copy may take.
  Snapshot(const api::Endpoint& endpoint, const Prepared& prepared, proc::Family& family,
           base::Logger& logger, int stop_fd, std::chrono::milliseconds after_restore = kAfterRestore);

  /// Once by each worker, when all runners are ready, on the runner's thread. Blocks through the snapshot.
  /// `is_first`, of one of them: it does what is done once. True: this is a copy that may serve.
  bool pass(handler::Runner& runner, bool is_first);

  /// What a runner that is made later has missed.
  std::optional<handler::InitProblem> catch_up(handler::Runner& runner);

  /// Why a worker may not serve, the first one.
  [[nodiscard]] std::optional<handler::InitProblem> problem();

 private:
  using Problem = std::optional<handler::InitProblem>;
  Problem before_snapshot(handler::Runner& runner, bool is_first);
  Problem wait_for_restore();
  Problem after_restore(handler::Runner& runner, bool is_first, base::Deadline limit);
  Problem run(const std::optional<Hook>& hook, const handler::WarmHook& warm, handler::Runner& runner,
              bool is_first);

  const api::Endpoint& endpoint_;
  const Prepared& prepared_;
  proc::Family& family_;
  base::Logger& logger_;
  int stop_fd_;
  std::chrono::milliseconds after_restore_;
  Muster ready_;
  Muster restored_;
  Muster renewed_;
};

}  // namespace runtime
