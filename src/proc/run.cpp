// SPDX-License-Identifier: Apache-2.0
#include "proc/run.h"

#include "proc/collector.h"

#include <fcntl.h>
#include <poll.h>

#include <csignal>
#include <optional>
#include <utility>

namespace proc {
namespace {

using base::Deadline;
using base::SteadyClock;

// How long a descendant that never stops writing may hold up the answer.
constexpr std::chrono::milliseconds kDrainLimit{50};

enum class Reason { none, overdue, refused, stopped };

// One child from its start to its end: a single poll loop over its end, the stop descriptor and its outputs.
class Supervision {
 public:
  Supervision(Child child, Collector& collector, const RunOptions& options);

  RunResult until_ended();

 private:
  static constexpr std::size_t kEnd = 0;
  static constexpr std::size_t kStop = 1;
  static constexpr std::size_t kOutputs = 2;

  void wait();
  void enforce();
  [[nodiscard]] bool due() const;
  void stop();
  void terminate(Reason reason);
  void kill(Reason reason);
  [[nodiscard]] Ending ending(ExitState state) const;
  [[nodiscard]] std::span<pollfd> outputs() { return std::span(polled_).subspan(kOutputs); }

  Child child_;
  Collector& collector_;
  Deadline terminate_at_;  // never, once it is done
  Deadline kill_at_;
  std::chrono::milliseconds stop_grace_;
  Reason reason_ = Reason::none;
  bool killed_ = false;
  std::vector<pollfd> polled_;
};

Supervision::Supervision(Child child, Collector& collector, const RunOptions& options)
    : child_(std::move(child)),
      collector_(collector),
      terminate_at_(options.terminate_at),
      kill_at_(options.kill_at),
      stop_grace_(options.stop_grace),
      polled_(kOutputs + collector.size()) {
  polled_[kEnd] = {child_.pidfd(), POLLIN, 0};
  polled_[kStop] = {options.stop_fd, POLLIN, 0};
}

RunResult Supervision::until_ended() {
  do {
    wait();
    collector_.take_ready(outputs());
    enforce();
  } while (polled_[kEnd].revents == 0);
  const bool drained = reason_ == Reason::overdue || collector_.drain(Deadline::after(kDrainLimit));
  // The zombie of the leader still keeps the number of the group from being used again.
  child_.signal_group(SIGKILL);
  const auto [state, usage] = child_.reap();
  return {.ending = ending(state), .usage = usage, .drained = drained};
}

void Supervision::wait() {
  collector_.watch(outputs());
  for (pollfd& entry : polled_) entry.revents = 0;  // for EINTR: nothing is ready then
  ::poll(polled_.data(), polled_.size(), Deadline::earlier_of(terminate_at_, kill_at_).poll_timeout());
}

void Supervision::enforce() {
  if (collector_.refused()) kill(Reason::refused);
  // Asked anew, because a sink may have been slow: who has ended by itself meanwhile is not overdue.
  if (!due() || child_.wait_until(Deadline::after({}))) return;
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
  child_.signal_group(SIGTERM);
  child_.signal_group(SIGCONT);  // a stopped process takes its signals only then
}

void Supervision::kill(Reason reason) {
  if (std::exchange(killed_, true)) return;
  terminate_at_ = kill_at_ = Deadline::never();
  polled_[kStop].fd = -1;
  if (reason_ == Reason::none) reason_ = reason;
  child_.signal_group(SIGKILL);
}

Ending Supervision::ending(ExitState state) const {
  if (reason_ == Reason::overdue) return Overdue{state};
  if (reason_ == Reason::stopped) return Stopped{state};
  if (const auto refused = collector_.refused()) return Refused{*refused};
  return Exited{state};
}

base::UniqueFd empty_input() {
  return base::UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

RunResult supervise(const Command& command, const RunOptions& options) {
  auto collector = Collector::open(options.outputs);
  if (!collector) return {.ending = LaunchError{"pipe2", collector.error().code}};
  const base::UniqueFd null = options.stdin_fd < 0 ? empty_input() : base::UniqueFd();
  std::vector<DescriptorMapping> descriptors{{0, null.valid() ? null.get() : options.stdin_fd}};
  collector->add_to(descriptors);
  auto child = Child::start(command, descriptors);
  if (auto* error = std::get_if<LaunchError>(&child)) return {.ending = std::move(*error)};
  collector->close_child_ends();
  return Supervision(std::get<Child>(std::move(child)), *collector, options).until_ended();
}

}  // namespace

RunResult run(const Command& command, const RunOptions& options) {
  const auto started = SteadyClock::now();
  RunResult result = supervise(command, options);
  result.elapsed = std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - started);
  return result;
}

}  // namespace proc
