// SPDX-License-Identifier: Apache-2.0
#include "service.h"

#include "verdict.h"

#include <poll.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace soak {
namespace {

constexpr auto kPatience = std::chrono::seconds(30);
constexpr auto kLongSilence = std::chrono::milliseconds(500);  // worth a line
// A signal shows at once, or with the next event for the worker that it met; on a slow machine, later.
constexpr auto kAftermath = std::chrono::seconds(5);

bool is_recent(std::optional<base::SteadyClock::time_point> time) {
  return time && base::SteadyClock::now() - *time < kAftermath;
}

void act(const Service::Watch& watch) {
  watch.disturber.act();
  if (watch.starvation != nullptr) watch.starvation->act();
  watch.tick();
}

int timeout_of(const Service::Watch& watch) {
  const bool is_busy = watch.starvation != nullptr && watch.starvation->is_busy();
  return is_busy || watch.disturber.is_busy() ? 1 : 500;
}

}  // namespace

bool Service::run(std::size_t count, std::size_t workers, const Watch& watch) {
  watch_ = &watch;
  to_issue_ = count;
  is_alone_ = workers == 1;
  last_progress_ = base::SteadyClock::now();
  while (to_issue_ > 0 || ledger_.open() > 0 || count_parked() < workers || watch.disturber.is_busy()) {
    deliver_to_parked();
    if (count_parked() >= workers) give_up_what_met_a_close();
    wait(watch);
    act(watch);
    if (watch.disturber.take_stopped_at_work()) let_running_last();
    if (ledger_.is_worthless()) return false;
    pollfd ended{watch.pidfd, POLLIN, 0};
    if (::poll(&ended, 1, 0) > 0 || base::SteadyClock::now() - last_progress_ > kPatience) return false;
  }
  return true;
}

std::size_t Service::count_parked() const {
  return static_cast<std::size_t>(
      std::count_if(connections_.begin(), connections_.end(),
                    [](const auto& connection) { return connection->is_parked; }));
}

// A handler may be faster than the close behind its event: then the answer was on its way into a connection
// that we ended, and as nobody works on it any more, that was its fate.
void Service::give_up_what_met_a_close() {
  ledger_.unknown += std::erase_if(running_, [this](const auto& running) {
    const auto delivery = running.second.plan.delivery;
    if (delivery != Delivery::close_behind && delivery != Delivery::reset_behind) return false;
    close_runs(running.second);
    return true;
  });
}

std::string Service::open_events() const {
  std::string text;
  for (const auto& [number, event] : running_)
    text += " " + std::to_string(number) + static_cast<char>(event.plan.action) + " of delivery " +
            std::to_string(static_cast<int>(event.plan.delivery)) + (event.is_again ? " again" : "");
  return text + ", " + std::to_string(waiting_.size()) + " not delivered, " +
         std::to_string(connections_.size()) + " connections";
}

void Service::wait(const Watch& watch) {
  std::vector<pollfd> polled{{listener_.fd.get(), POLLIN, 0}, {watch.pidfd, POLLIN, 0}};
  for (const auto& connection : connections_) polled.push_back({connection->fd.get(), POLLIN, 0});
  if (::poll(polled.data(), polled.size(), timeout_of(watch)) <= 0) return;
  const std::size_t known = connections_.size();
  for (std::size_t i = 0; i < known; ++i) {
    if (polled[i + 2].revents != 0) receive(*connections_[i]);
  }
  if (polled[0].revents != 0) accept_one();
  std::erase_if(connections_, [](const auto& connection) { return connection->is_over; });
}

void Service::accept_one() {
  auto connection = std::make_unique<Connection>();
  connection->fd = support::accept_from(listener_.fd.get());
  connections_.push_back(std::move(connection));
}

void Service::receive(Connection& connection) {
  const auto more = support::receive_some(connection.fd.get());
  if (!more) return end(connection, false);
  connection.unread += *more;
  note_silence(connection);
  while (!connection.is_over && take_request(connection)) {
  }
}

void Service::note_silence(Connection& connection) {
  last_progress_ = base::SteadyClock::now();
  const auto since = std::max(connection.heard_of_at, may_be_silent_until(connection));
  if (!connection.is_parked) {
    ledger_.longest_silence = std::max(ledger_.longest_silence, last_progress_ - since);
    if (last_progress_ - since > kLongSilence) describe_silence(connection, last_progress_ - since);
  }
  connection.heard_of_at = last_progress_;
}

void Service::describe_silence(const Connection& connection, std::chrono::duration<double> silence) const {
  const auto disturbed_at = watch_->disturber.last();
  const std::chrono::duration<double> ago =
      disturbed_at ? last_progress_ - *disturbed_at : base::SteadyClock::duration::max();
  const auto what = connection.works_on ? "before the answer to " + std::to_string(*connection.works_on)
                                        : std::string("between an answer and the next poll");
  std::fprintf(stderr, "soak: silent for %.2f s %s; the last signal was %.2f s ago\n", silence.count(),
               what.c_str(), ago.count());
}

base::SteadyClock::time_point Service::may_be_silent_until(const Connection& connection) const {
  const auto running = connection.works_on ? running_.find(*connection.works_on) : running_.end();
  if (running == running_.end()) return {};
  const auto& event = running->second;
  return event.plan.may_last() ? event.deadline_at : base::SteadyClock::time_point{};
}

void Service::let_running_last() {
  for (auto& [number, event] : running_) event.plan.is_short = true;
}

bool Service::is_disturbed() const {
  return watch_->starvation != nullptr || is_recent(watch_->disturber.last());
}

bool Service::take_request(Connection& connection) {
  const auto head_end = connection.unread.find(wire::kBlankLine);
  if (head_end == std::string::npos) return false;
  const auto request = wire::parse(std::string_view(connection.unread).substr(0, head_end));
  if (loses_unread(connection, request)) return false;
  const auto size = head_end + wire::kBlankLine.size() + request.length;
  if (connection.unread.size() < size) return false;
  look_for_canary(std::string_view(connection.unread).substr(0, size));
  auto body = connection.unread.substr(size - request.length, request.length);
  connection.unread.erase(0, size);
  if (request.is_next) {
    connection.is_parked = true;
  } else {
    take_answer(connection, request, std::move(body));
  }
  return true;
}

void Service::deliver_to_parked() {
  for (const auto& connection : connections_) {
    if (!connection->is_parked) continue;
    if (waiting_.empty() && to_issue_ == 0) return;
    if (waiting_.empty()) waiting_.push_back(draw_event());
    auto event = std::move(waiting_.front());
    waiting_.pop_front();
    deliver(*connection, std::move(event));
  }
  std::erase_if(connections_, [](const auto& connection) { return connection->is_over; });
}

Event Service::draw_event() {
  --to_issue_;
  return make_event(ledger_.issued++, planner_.draw());
}

void Service::deliver(Connection& connection, Event event) {
  connection.is_parked = false;
  connection.heard_of_at = base::SteadyClock::now();
  const bool is_new = std::exchange(connection.is_new, false);
  if (breaks_delivery(connection, event, is_new)) {
    event.plan.delivery = Delivery::good;
    ++ledger_.faults;
    return waiting_.push_front(std::move(event));
  }
  if (event.plan.disturbance) watch_->disturber.plan(*event.plan.disturbance);
  if (watch_->disturber.take_stopped_at_work()) let_running_last();
  for (const auto& id : ids_of(event)) runs_.expect(id);
  // What would break a first poll is delivered well instead.
  const bool resets = event.plan.delivery == Delivery::reset_behind;
  const bool closes = resets || event.plan.delivery == Delivery::close_behind;
  if (!event.is_again && closes) ++ledger_.faults;
  support::send_all(connection.fd.get(), wire::event(event.number, event.deadline, event.body));
  if (!event.is_again && closes) end(connection, resets);
  const auto number = event.number;
  connection.works_on = number;
  running_.insert_or_assign(number, std::move(event));
}

// What ends a poll without a byte of HTTP is survived once in a row: never on a connection's first poll.
bool Service::breaks_delivery(Connection& connection, Event& event, bool is_new) {
  switch (event.plan.delivery) {
    case Delivery::no_content:
      support::send_all(connection.fd.get(), "HTTP/1.1 204 No Content\r\n\r\n");
      return true;
    case Delivery::truncated: {
      const auto whole = wire::event(event.number, event.deadline, event.body);
      support::send_all(connection.fd.get(), std::string_view(whole).substr(0, whole.size() - 1));
      end(connection, false);
      return true;
    }
    case Delivery::silent_close:
    case Delivery::garbage:
      if (is_new) return false;
      if (event.plan.delivery == Delivery::garbage) support::send_all(connection.fd.get(), "garbage\r\n\r\n");
      end(connection, planner_.number(1) == 0);
      return true;
    default:
      return false;
  }
}

bool Service::loses_unread(Connection& connection, const wire::Request& request) {
  const auto running = request.is_next ? running_.end() : running_.find(request.number);
  if (running == running_.end() || running->second.plan.fate != Fate::lost_unread) return false;
  auto event = std::move(running->second);
  running_.erase(running);
  end(connection, true);
  lose(std::move(event), "");
  return true;
}

void Service::take_answer(Connection& connection, const wire::Request& request, std::string body) {
  connection.works_on.reset();
  const auto running = running_.find(request.number);
  if (running == running_.end()) {
    ++ledger_.doubled;
    runs_.read();
    return static_cast<void>(support::send_all(connection.fd.get(), wire::status(400)));
  }
  auto event = std::move(running->second);
  running_.erase(running);
  check(event, request, body);
  if (event.plan.fate == Fate::lost_unjudged) {
    end(connection, true);
    return lose(std::move(event), std::move(body));
  }
  close_runs(event);
  reply(connection, event);
  ++ledger_.answered;
  if (event.is_again) ++ledger_.sent_again;
}

void Service::lose(Event event, std::string answer) {
  ++ledger_.faults;
  if (!event.plan.delivered_again) {
    close_runs(event);
    return static_cast<void>(++ledger_.unknown);
  }
  event.is_again = true;
  event.first_answer = std::move(answer);
  event.plan.fate = Fate::accepted;
  event.plan.delivery = Delivery::good;
  event.plan.disturbance.reset();
  waiting_.push_front(std::move(event));
}

void Service::reply(Connection& connection, const Event& event) {
  const auto fate = event.plan.fate;
  if (fate != Fate::accepted) ++ledger_.faults;
  support::send_all(connection.fd.get(), wire::status(fate == Fate::refused ? event.plan.refusal : 202));
  if (fate == Fate::accepted_then_closed) end(connection, false);
  if (fate == Fate::accepted_then_reset) end(connection, true);
}

void Service::check(const Event& event, const wire::Request& request, const std::string& body) {
  if (!event.first_answer.empty() && is_alone_ && event.first_answer != body) ++ledger_.wrong;
  judge(event, request, body, is_disturbed(), runs_, ledger_);
}

void Service::look_for_canary(std::string_view request) {
  if (request.find(canary_) != std::string_view::npos) ++ledger_.leaks;
}

void Service::close_runs(const Event& event) {
  for (const auto& id : ids_of(event)) runs_.close(id);
}

void Service::end(Connection& connection, bool by_reset) {
  if (by_reset) support::reset_on_close(connection.fd.get());
  connection.fd.reset();
  connection.is_over = true;
  connection.is_parked = false;
}

}  // namespace soak
