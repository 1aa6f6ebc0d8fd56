// SPDX-License-Identifier: Apache-2.0
#include "plan.h"

namespace soak {

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

Plan Planner::draw() {
  constexpr int kRefusals[] = {400, 403, 410, 413, 431, 500};
  Plan plan;
  plan.action = draw_action();
  plan.delivery = draw_delivery();
  plan.fate = draw_fate();
  plan.delivered_again = number(1) == 0;
  plan.child_is_killed = happens(5);
  plan.refusal = kRefusals[number(5)];
  plan.padding = happens(10) ? number(100'000) : number(200);
  return plan;
}

}  // namespace soak
