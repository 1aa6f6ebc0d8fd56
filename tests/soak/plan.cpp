// SPDX-License-Identifier: Apache-2.0
#include "plan.h"

#include <csignal>

namespace soak {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kUsualTime = std::chrono::minutes(5);
constexpr milliseconds kTimeToOutlive{400};
// What a process that stays stopped costs.
constexpr milliseconds kTimeWithStops{1000};

}  // namespace

// Shares in per mille. What costs a pause or a deadline (a tenth of a second or two) is rare.
Action Planner::draw_action() {
  if (happens(30)) return Action::fail;
  if (happens(10)) return Action::kill_itself;
  if (happens(15)) return Action::leave_daemon;
  if (happens(10)) return Action::leave_daemon_with_output;
  if (happens(15)) return Action::ignore_event;
  if (happens(0.2)) return Action::outlive_deadline;
  return Action::echo;
}

// Some batches end in time, most do not; of their records few do anything else than to be there.
std::vector<Action> Planner::draw_records() {
  std::vector<Action> records(number(2) == 0 ? 1 + number(8) : 20 + number(130), Action::echo);
  for (auto& record : records) {
    if (happens(3)) record = Action::fail;
    if (happens(2)) record = Action::kill_itself;
    if (happens(2)) record = Action::leave_daemon;
  }
  return records;
}

Delivery Planner::draw_delivery() {
  if (happens(5)) return Delivery::close_behind;
  if (happens(5)) return Delivery::reset_behind;
  if (happens(0.3)) return Delivery::no_content;
  if (happens(5)) return Delivery::silent_close;
  if (happens(2)) return Delivery::garbage;
  if (happens(0.3)) return Delivery::truncated;
  return Delivery::good;
}

Fate Planner::draw_fate() {
  if (happens(5)) return Fate::accepted_then_closed;
  if (happens(5)) return Fate::accepted_then_reset;
  if (happens(10)) return Fate::refused;
  if (happens(1)) return Fate::lost_unread;
  if (happens(1)) return Fate::lost_unjudged;
  return Fate::accepted;
}

// Of functions most of them to forks; what is stopped mostly goes on soon.
Disturbance Planner::draw_disturbance() {
  constexpr int kSignals[] = {SIGTERM, SIGKILL, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGPIPE};
  const bool is_for_fork = share_.is_function() && number(3) > 0;
  const bool stops = number(3) == 0;
  Disturbance drawn;
  drawn.whom = is_for_fork ? Disturbance::Whom::fork : Disturbance::Whom::child;
  drawn.signal = stops ? SIGSTOP : kSignals[number(8)];
  drawn.choice = number(63);
  if (number(3) > 0) drawn.after = std::chrono::microseconds(number(3000));
  if (number(9) > 0) drawn.stopped_for = milliseconds(5 + number(145));
  return drawn;
}

Disturbance Planner::draw_kill() {
  Disturbance drawn;
  drawn.signal = SIGKILL;
  drawn.choice = number(63);
  drawn.after = std::chrono::microseconds(number(2000));
  return drawn;
}

milliseconds Planner::draw_time(const Plan& plan) {
  if (share_.is_batch()) return plan.records.size() < 10 ? kUsualTime : milliseconds(40 + number(160));
  if (share_.is_starved) return milliseconds(20 + number(130));
  if (plan.action == Action::outlive_deadline) return kTimeToOutlive;
  return share_.stops ? kTimeWithStops : kUsualTime;
}

Plan Planner::draw() {
  constexpr int kRefusals[] = {400, 403, 410, 413, 431, 500};
  Plan plan;
  plan.action = share_.is_batch() ? Action::echo : draw_action();
  plan.delivery = draw_delivery();
  plan.fate = draw_fate();
  plan.delivered_again = number(1) == 0;
  if (happens(share_.disturbed)) plan.disturbance = share_.stops ? draw_disturbance() : draw_kill();
  // Else most of what is to be disturbed would be over before.
  if (plan.disturbance && plan.action == Action::echo && number(1) == 0) plan.action = Action::linger;
  plan.refusal = kRefusals[number(5)];
  plan.padding = happens(10) && !share_.is_batch() ? number(100'000) : number(200);
  if (share_.is_batch()) plan.records = draw_records();
  plan.time = draw_time(plan);
  plan.is_short = plan.time < kTimeToOutlive;
  plan.may_time_out = plan.time < kUsualTime;
  return plan;
}

}  // namespace soak
