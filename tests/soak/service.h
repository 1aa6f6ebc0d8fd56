// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"
#include "base/io/unique_fd.h"
#include "disturber.h"
#include "event.h"
#include "ledger.h"
#include "plan.h"
#include "runs.h"
#include "starvation.h"
#include "support/raw_socket.h"
#include "wire.h"

#include <sys/types.h>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace soak {

/// The service side of the wire, for one bootstrap: delivers what the planner draws and injects its faults.
/// A worker's silence counts from when it was last heard of or spoken to. Of a call that may take until its
/// deadline (because that is short, or what it runs in was stopped for good) what goes beyond the deadline
/// counts. One thread, one poll loop; only what it would wait for of the bootstrap has a limit.
class Service {
 public:
  /// `canary`: stands in the bootstrap's environment, and nothing that it posts may hold it. All are
  /// borrowed.
  Service(Planner& planner, Ledger& ledger, Runs& runs, std::string canary)
      : planner_(planner), ledger_(ledger), runs_(runs), canary_(std::move(canary)) {}

  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(listener_.port); }

  /// What else there is, and happens meanwhile.
  struct Watch {
    int pidfd;  ///< of the bootstrap: readable once it has ended
    Disturber& disturber;
    Starvation* starvation;      ///< nullptr: none
    std::function<void()> tick;  ///< called often
  };

  /// Issues `count` more invocations and waits until all of them are settled, nobody is to be disturbed any
  /// more, and `workers` polls wait for more. False: nothing has happened for half a minute, the bootstrap
  /// has ended, or the ledger is worthless.
  bool run(std::size_t count, std::size_t workers, const Watch& watch);

  /// What was delivered and not answered, for whoever looks for the reason.
  [[nodiscard]] std::string open_events() const;

 private:
  struct Connection {
    base::UniqueFd fd;
    std::string unread;
    bool is_new = true;      ///< has not asked for anything
    bool is_parked = false;  ///< asked for an event
    bool is_over = false;
    std::optional<std::size_t> works_on;  ///< the event that was delivered to it last, until that is answered
    base::SteadyClock::time_point heard_of_at = base::SteadyClock::now();  ///< or last spoken to
  };
  [[nodiscard]] std::size_t count_parked() const;
  void give_up_what_met_a_close();
  void wait(const Watch& watch);
  void accept_one();
  void receive(Connection& connection);
  void note_silence(Connection& connection);
  void describe_silence(const Connection& connection, std::chrono::duration<double> silence) const;
  [[nodiscard]] base::SteadyClock::time_point may_be_silent_until(const Connection& connection) const;
  void let_running_last();
  [[nodiscard]] bool is_disturbed() const;
  bool take_request(Connection& connection);
  void deliver_to_parked();
  void deliver(Connection& connection, Event event);
  bool breaks_delivery(Connection& connection, Event& event, bool is_new);
  bool loses_unread(Connection& connection, const wire::Request& request);
  void take_answer(Connection& connection, const wire::Request& request, std::string body);
  void lose(Event event, std::string answer);
  void reply(Connection& connection, const Event& event);
  void check(const Event& event, const wire::Request& request, const std::string& body);
  void look_for_canary(std::string_view request);
  void close_runs(const Event& event);

  Event draw_event();
  static void end(Connection& connection, bool by_reset);

  Planner& planner_;
  Ledger& ledger_;
  Runs& runs_;
  std::string canary_;
  const Watch* watch_ = nullptr;  ///< while run() runs
  support::Listener listener_ = support::listen_on_loopback();
  std::vector<std::unique_ptr<Connection>> connections_;
  std::deque<Event> waiting_;                       ///< drawn, not yet delivered, or to be delivered again
  std::unordered_map<std::size_t, Event> running_;  ///< delivered, by number
  std::size_t to_issue_ = 0;
  bool is_alone_ = true;  ///< one worker: what comes again meets the one who answered
  base::SteadyClock::time_point last_progress_ = base::SteadyClock::now();
};

}  // namespace soak
