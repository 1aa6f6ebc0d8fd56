// SPDX-License-Identifier: Apache-2.0
#include "proc/run/supervision.h"

#include <poll.h>

#include <algorithm>
#include <csignal>
#include <span>
#include <tuple>
#include <utility>
#include <variant>

namespace proc {
namespace {

using base::Deadline;

// How long a descendant that never stops writing may hold up the answer.
constexpr std::chrono::milliseconds kDrainLimit{50};

enum class Reason { none, overdue, refused, stopped };

// One subject from its start to its end: a single poll loop over its end, the stop descriptor and its
// outputs.
class Supervision {
 public:
  Supervision(Subject& subject, Collector& collector, const RunOptions& options);

  RunResult until_ended();

 private:
  static constexpr std::size_t kStop = 0;
  static constexpr std::size_t kEnd = 1;
  static constexpr std::size_t kOutputs = kEnd + std::tuple_size_v<Subject::WakeFds>;

  void wait();
  void enforce();
  [[nodiscard]] bool woken() const;
  [[nodiscard]] bool due() const;
  void stop();
  void terminate(Reason reason);
  void kill(Reason reason);
  [[nodiscard]] Ending ending(const Subject::End& end) const;
  [[nodiscard]] std::span<pollfd> outputs() { return std::span(polled_).subspan(kOutputs); }
  [[nodiscard]] std::span<const pollfd> ends() const {
    return std::span(polled_).subspan(kEnd, kOutputs - kEnd);
  }

  Subject& subject_;
  Collector& collector_;
  Deadline terminate_at_;  // never, once it is done
  Deadline kill_at_;
  std::chrono::milliseconds stop_grace_;
  Reason reason_ = Reason::none;
  bool killed_ = false;
  std::vector<pollfd> polled_;
};

Supervision::Supervision(Subject& subject, Collector& collector, const RunOptions& options)
    : subject_(subject),
      collector_(collector),
      terminate_at_(options.terminate_at),
      kill_at_(options.kill_at),
      stop_grace_(options.stop_grace),
      polled_(kOutputs + collector.entries()) {
  polled_[kStop] = {options.stop_fd, POLLIN, 0};
}

RunResult Supervision::until_ended() {
  // Asked behind the sinks, which may have been slow: who has ended by itself meanwhile is not overdue.
  for (bool ended = false; !ended;) {
    wait();
    collector_.take_ready(outputs());
    if (collector_.refused()) kill(Reason::refused);
    ended = (woken() || due()) && subject_.has_ended();
    if (!ended) enforce();
  }
  // With our copies of the child's ends gone, what is still open is open elsewhere.
  collector_.close_child_ends();
  const bool drained = reason_ == Reason::overdue || collector_.drain(Deadline::after(kDrainLimit));
  const auto end = subject_.finish();
  RunResult result{.ending = ending(end), .usage = end.usage, .drained = drained};
  result.full = std::holds_alternative<Exited>(result.ending) && collector_.is_full();
  return result;
}

void Supervision::wait() {
  const auto wake_fds = subject_.wake_fds();
  for (std::size_t i = 0; i < wake_fds.size(); ++i) polled_[kEnd + i] = {wake_fds[i], POLLIN, 0};
  collector_.watch(outputs());
  for (pollfd& entry : polled_) entry.revents = 0;  // for EINTR: nothing is ready then
  const auto own = Deadline::earlier_of(Deadline::earlier_of(terminate_at_, kill_at_), collector_.look_at());
  const auto limit = Deadline::earlier_of(own, subject_.wake_at());
  ::poll(polled_.data(), polled_.size(), limit.poll_timeout());
}

bool Supervision::woken() const {
  const auto ready = [](const pollfd& entry) { return entry.revents != 0; };
  return std::any_of(ends().begin(), ends().end(), ready) || subject_.wake_at().passed();
}

void Supervision::enforce() {
  if (polled_[kStop].revents != 0) stop();
  if (terminate_at_.passed()) terminate(Reason::overdue);
  if (kill_at_.passed()) kill(Reason::overdue);
}

bool Supervision::due() const {
  return polled_[kStop].revents != 0 || terminate_at_.passed() || kill_at_.passed();
}

void Supervision::stop() {
  polled_[kStop].fd = -1;
  terminate(Reason::stopped);
  kill_at_ = Deadline::earlier_of(kill_at_, Deadline::after(stop_grace_));
}

void Supervision::terminate(Reason reason) {
  terminate_at_ = Deadline::never();
  if (reason_ != Reason::none) return;  // asked once: traps run once
  reason_ = reason;
  subject_.signal_group(SIGTERM);
  subject_.signal_group(SIGCONT);  // a stopped process takes its signals only then
}

void Supervision::kill(Reason reason) {
  if (std::exchange(killed_, true)) return;
  terminate_at_ = kill_at_ = Deadline::never();
  polled_[kStop].fd = -1;
  if (reason_ == Reason::none) reason_ = reason;
  subject_.signal_group(SIGKILL);
}

Ending Supervision::ending(const Subject::End& end) const {
  if (reason_ == Reason::overdue) return Overdue{end.state};
  if (reason_ == Reason::stopped) return Stopped{end.state};
  if (const auto refused = collector_.refused()) return Refused{*refused};
  if (end.lost) return Lost{*end.lost};
  return Exited{end.state};
}

}  // namespace

RunResult supervise(Subject& subject, Collector& collector, const RunOptions& options) {
  return Supervision(subject, collector, options).until_ended();
}

}  // namespace proc
