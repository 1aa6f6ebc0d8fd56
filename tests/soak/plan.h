// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <random>
#include <string>

namespace soak {

/// What the handler does: the first letter of the event. See handler.c.
enum class Action : char {
  echo = 'e',
  fail = 'x',
  kill_itself = 'k',
  leave_daemon = 'd',
  leave_daemon_with_output = 'o',
  ignore_event = 'n',
  outlive_deadline = 't',
};

/// How the event is delivered. After each but `good` and those that close behind it, the event comes again.
enum class Delivery { good, close_behind, reset_behind, no_content, silent_close, garbage, truncated };

/// What becomes of the answer's POST.
enum class Fate {
  accepted,
  accepted_then_closed,
  accepted_then_reset,
  refused,       ///< 4xx or 5xx: judged all the same
  lost_unread,   ///< reset at the head: never received
  lost_unjudged  ///< received whole, then reset without a status
};

/// One invocation, drawn from a seed.
struct Plan {
  Action action = Action::echo;
  Delivery delivery = Delivery::good;
  Fate fate = Fate::accepted;
  bool delivered_again = false;  ///< where the answer was lost: the same event comes next
  bool child_is_killed = false;  ///< by somebody else, at any time
  int refusal = 400;
  std::size_t padding = 0;
};

/// Draws plans. The same seed and the same `rate` draw the same ones. `rate` multiplies the share of what is
/// unusual; 1 leaves nine of ten invocations in peace.
class Planner {
 public:
  Planner(unsigned long seed, double rate) : engine_(seed), rate_(rate) {}

  Plan draw();
  void set_rate(double rate) { rate_ = rate; }

  /// From 0 to `most`.
  std::size_t number(std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(0, most)(engine_);
  }

 private:
  bool happens(double per_mille) { return draw_.operator()(engine_) * 1000 < per_mille * rate_; }
  Action draw_action();
  Delivery draw_delivery();
  Fate draw_fate();

  std::mt19937_64 engine_;
  std::uniform_real_distribution<double> draw_{0, 1};
  double rate_;
};

}  // namespace soak
