// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"
#include "runtime/settings/settings.h"

#include <chrono>
#include <optional>

namespace runtime {

/// When an invocation is ended. Pure: all times come from the caller.
struct Schedule {
  base::Deadline terminate_at = base::Deadline::never();  ///< SIGTERM to the child's group
  base::Deadline kill_at = base::Deadline::never();       ///< SIGKILL
  base::Deadline service_deadline = base::Deadline::never();
  std::chrono::milliseconds allotted{0};  ///< what the message calls the timeout; 0 without a limit
  bool already_late = false;              ///< the deadline passed before the start
};

/// `deadline`: Unix time from the service. A deadline that is absent or more than 24 hours off means no local
/// limit.
Schedule plan_schedule(std::optional<std::chrono::milliseconds> deadline, std::chrono::milliseconds unix_now,
                       const Settings& settings);

/// The time kept back for ending the child and posting: 10 % of what is left, at least 200 and at most 500
/// ms, never more than half of it.
std::chrono::milliseconds default_margin(std::chrono::milliseconds left);

}  // namespace runtime
