// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "share.h"

#include <chrono>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace soak {

/// What the handler does: the first letter of the event, or of a record. See handler.c.
enum class Action : char {
  echo = 'e',
  linger = 'l',  ///< some milliseconds, before an echo
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

/// What somebody else does to a process below the bootstrap, just before the event is delivered or soon
/// after.
struct Disturbance {
  enum class Whom {
    child,  ///< a program, or a shell
    fork    ///< of a shell: the one that waits, or the one that runs
  };
  Whom whom = Whom::child;
  int signal = 0;                                        ///< SIGSTOP, too
  std::size_t choice = 0;                                ///< which of them, modulo their number
  std::optional<std::chrono::microseconds> after;        ///< nullopt: before, so that it meets who waits
  std::optional<std::chrono::milliseconds> stopped_for;  ///< by SIGSTOP; nullopt: for good
};

/// One invocation, drawn from a seed.
struct Plan {
  Action action = Action::echo;
  Delivery delivery = Delivery::good;
  Fate fate = Fate::accepted;
  bool delivered_again = false;  ///< where the answer was lost: the same event comes next
  std::optional<Disturbance> disturbance;
  int refusal = 400;
  std::size_t padding = 0;
  std::chrono::milliseconds time{};  ///< from its making to its deadline
  std::vector<Action> records;       ///< of a batch; `action` does not count then

  bool is_short = false;      ///< its deadline ends it, or may, whatever it does
  bool may_time_out = false;  ///< where it was disturbed, or the machine is slow, that is no fault

  /// Nothing is wrong when its deadline ends it.
  [[nodiscard]] bool may_last() const { return is_short || action == Action::outlive_deadline; }
};

/// Draws plans. The same seed, share and `rate` draw the same ones. `rate` multiplies the share of what is
/// unusual; 1 leaves nine of ten invocations in peace.
class Planner {
 public:
  Planner(unsigned long seed, double rate, const Share& share) : engine_(seed), rate_(rate), share_(share) {}

  Plan draw();
  void set_rate(double rate) { rate_ = rate; }

  /// From 0 to `most`.
  std::size_t number(std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(0, most)(engine_);
  }

 private:
  bool happens(double per_mille) { return draw_.operator()(engine_) * 1000 < per_mille * rate_; }
  Action draw_action();
  std::vector<Action> draw_records();
  Delivery draw_delivery();
  Fate draw_fate();
  Disturbance draw_disturbance();
  Disturbance draw_kill();
  std::chrono::milliseconds draw_time(const Plan& plan);

  std::mt19937_64 engine_;
  std::uniform_real_distribution<double> draw_{0, 1};
  double rate_;
  const Share& share_;
};

}  // namespace soak
