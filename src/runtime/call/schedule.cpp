// SPDX-License-Identifier: Apache-2.0
#include "runtime/call/schedule.h"

#include <algorithm>

namespace runtime {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

// One emulator's header is off by years; beyond a day either way no deadline can be meant.
constexpr milliseconds kAbsurd = 24h;
// Timeouts are set in whole seconds; what is missing to one is the way from the service to us.
constexpr milliseconds kTransit = 100ms;
// Twice the time between SIGTERM and SIGKILL where only SHELLSTRAP_TIMEOUT_MS limits: the largest default
// margin.
constexpr milliseconds kDefaultGrace = 500ms;

milliseconds as_set_by_user(milliseconds left) {
  const auto whole = std::chrono::ceil<std::chrono::seconds>(left);
  return whole - left <= kTransit ? milliseconds(whole) : left;
}

std::optional<milliseconds> time_left(std::optional<milliseconds> deadline, milliseconds now) {
  if (!deadline || *deadline < 0ms || std::max(*deadline, now) - std::min(*deadline, now) > kAbsurd)
    return std::nullopt;
  return *deadline - now;
}

// How long the child may run, and what that limit is called.
struct Limit {
  milliseconds run_time;
  milliseconds allotted;
};

std::optional<Limit> tighter_limit(std::optional<milliseconds> left, milliseconds margin,
                                   const Settings& settings) {
  if (settings.timeout && (!left || *settings.timeout < *left - margin))
    return Limit{*settings.timeout, *settings.timeout};
  // The service ends an environment on demand itself; on a managed instance nobody else does.
  if (!left || (margin == 0ms && !settings.managed_instance)) return std::nullopt;
  return Limit{*left - margin, as_set_by_user(*left)};
}

}  // namespace

milliseconds default_margin(milliseconds left) {
  return std::min(std::clamp(left / 10, milliseconds(200ms), milliseconds(500ms)), left / 2);
}

Schedule plan_schedule(std::optional<milliseconds> deadline, milliseconds unix_now,
                       const Settings& settings) {
  Schedule schedule;
  const auto left = time_left(deadline, unix_now);
  schedule.already_late = left && *left <= 0ms;
  if (schedule.already_late) return schedule;

  const auto margin =
      left ? std::min(settings.deadline_margin.value_or(default_margin(*left)), *left) : kDefaultGrace;
  if (left) schedule.service_deadline = base::Deadline::after(*left);
  if (const auto limit = tighter_limit(left, margin, settings)) {
    schedule.allotted = limit->allotted;
    schedule.terminate_at = base::Deadline::after(limit->run_time);
    schedule.kill_at = base::Deadline::after(limit->run_time + margin / 2);
  }
  return schedule;
}

}  // namespace runtime
