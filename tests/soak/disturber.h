// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"
#include "base/io/unique_fd.h"
#include "ledger.h"
#include "plan.h"
#include "runs.h"

#include <sys/types.h>

#include <optional>
#include <utility>
#include <vector>

namespace soak {

/// Somebody else on the machine, who signals and stops what runs below a bootstrap. Never the bootstrap
/// itself.
class Disturber {
 public:
  Disturber(pid_t bootstrap, Ledger& ledger, Runs& runs)
      : bootstrap_(bootstrap), ledger_(ledger), runs_(runs) {}

  /// For later, or done at once where it is to come before its event.
  void plan(const Disturbance& disturbance);

  /// Does what is due, and lets go on what was stopped for long enough.
  void act();

  /// act() is wanted every millisecond.
  [[nodiscard]] bool is_busy() const { return !planned_.empty() || !stopped_.empty(); }

  /// The last signal of any kind that has reached somebody.
  [[nodiscard]] std::optional<base::SteadyClock::time_point> last() const { return last_; }

  /// Whether, since last asked, somebody was stopped for good who was at work, or may have been. Nobody needs
  /// to notice that: a program may stop itself. Who only waits, and a shell, is to be noticed.
  [[nodiscard]] bool take_stopped_at_work() { return std::exchange(stopped_at_work_, false); }

 private:
  using Time = base::SteadyClock::time_point;

  bool disturb(const Disturbance& disturbance);  ///< false: there was nobody, or no longer
  void note_stop(const Disturbance& disturbance, pid_t pid, base::UniqueFd pidfd);

  pid_t bootstrap_;
  Ledger& ledger_;
  Runs& runs_;
  std::vector<std::pair<Time, Disturbance>> planned_;
  std::vector<std::pair<Time, base::UniqueFd>> stopped_;  ///< until when
  std::optional<Time> last_;
  bool stopped_at_work_ = false;
};

}  // namespace soak
