// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"
#include "support/control_group.h"

#include <sys/types.h>

namespace soak {

/// Takes the processor from a bootstrap and all below it: by a quota where there are cgroups
/// for that, else by stopping all of them from outside for most of the time, which is said on stderr.
class Starvation {
 public:
  explicit Starvation(pid_t bootstrap);

  /// To be called every few milliseconds where there is no quota.
  void act();
  [[nodiscard]] bool is_busy() const { return !group_.usable(); }

  /// Nobody stays stopped. A quota lasts as long as this: what is still there at its end is killed.
  void lift();

 private:
  void signal_all(int signal);

  pid_t bootstrap_;
  support::CpuGroup group_;
  bool is_stopped_ = false;
  base::SteadyClock::time_point since_ = base::SteadyClock::now();
};

}  // namespace soak
