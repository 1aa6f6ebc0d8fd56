// SPDX-License-Identifier: Apache-2.0
#include "proc/run/run.h"

#include "proc/child/family.h"
#include "proc/run/collector.h"
#include "proc/run/supervision.h"
#include "proc/tree/survivor.h"

#include <fcntl.h>

#include <cerrno>
#include <csignal>
#include <optional>
#include <utility>

namespace proc {
namespace {

using base::Deadline;
using base::SteadyClock;

// A child is put first in line for the out-of-memory killer when it has run this long: none can fill a memory
// before, and the write takes a noticeable part of a short one's time.
constexpr std::chrono::milliseconds kShortLife{5};

class RunningChild : public Subject {
 public:
  RunningChild(Child child, const Collector& collector, const RunOptions& options)
      : child_(std::move(child)),
        collector_(collector),
        keep_group_(options.keep_group),
        leave_holders_(options.held != nullptr) {}

  [[nodiscard]] WakeFds wake_fds() const override { return {child_.pidfd(), -1, -1, -1}; }
  [[nodiscard]] Deadline wake_at() const override {
    return Deadline::earlier_of(first_in_line_at_, look_at_);
  }

  bool has_ended() override {
    if (first_in_line_at_.passed()) {
      child_.put_first_in_line();
      first_in_line_at_ = Deadline::never();
    }
    return child_.wait_until(Deadline::after({})) || is_given_up();
  }
  void signal_group(int signal) override {
    child_.signal_group(signal);
    keep_group_ = leave_holders_ = false;  // only a call that ended by itself may leave something
    if (signal != SIGKILL) return;
    death_.emplace();
    look_at_ = Deadline::after(DeathLimit::kPause);
  }

  End finish() override {
    // The zombie of the leader still keeps the number of the group from being used again.
    if (!keep_group_ && !(leave_holders_ && collector_.is_held())) child_.signal_group(SIGKILL);
    auto ended = given_up_ ? child_.abandon() : child_.reap();
    return {.state = ended.state, .usage = ended.usage, .lost = std::move(ended.lost)};
  }

 private:
  // Killed, but the kernel does not let it go: the call is answered all the same.
  bool is_given_up() {
    if (!death_ || !look_at_.passed()) return given_up_;
    look_at_ = Deadline::after(DeathLimit::kPause);
    given_up_ = death_->passed(hangs_in_kernel(child_.pid()));
    return given_up_;
  }

  Child child_;
  const Collector& collector_;
  bool keep_group_;
  bool leave_holders_;
  Deadline first_in_line_at_ = Deadline::after(kShortLife);
  std::optional<DeathLimit> death_;       // from SIGKILL on
  Deadline look_at_ = Deadline::never();  // when to ask it
  bool given_up_ = false;
};

std::variant<Child, LaunchError> start_child(const Command& command, const RunOptions& options,
                                             const std::vector<DescriptorMapping>& descriptors) {
  return options.family != nullptr ? options.family->start(command, descriptors)
                                   : Child::start(command, descriptors);
}

std::shared_ptr<const WatchedOutput> watch(const Collector& collector, const RunOptions& options) {
  const auto whole = collector.whole();
  if (options.held == nullptr || options.family == nullptr || !whole) return nullptr;
  return options.family->watch(*whole);
}

base::UniqueFd empty_input() {
  return base::UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

RunResult start_and_supervise(const Command& command, const RunOptions& options) {
  auto collector = Collector::open(options.outputs, output_pipe_size());
  if (!collector) return {.ending = LaunchError{"pipe2", collector.error().code}};
  const base::UniqueFd null = options.stdin_fd < 0 ? empty_input() : base::UniqueFd();
  if (options.stdin_fd < 0 && !null.valid()) return {.ending = LaunchError{"open /dev/null", errno}};
  std::vector<DescriptorMapping> descriptors{{0, null.valid() ? null.get() : options.stdin_fd}};
  collector->add_to(descriptors);
  auto watched = watch(*collector, options);
  auto child = start_child(command, options, descriptors);
  if (auto* error = std::get_if<LaunchError>(&child)) return {.ending = std::move(*error)};
  // Our copies of the child's ends stay open until it has ended: the run ends with the process, never with
  // its pipes, and an end of file would only be one more wake-up on the way.
  RunningChild running(std::get<Child>(std::move(child)), *collector, options);
  auto result = supervise(running, *collector, options);
  if (options.held != nullptr && std::holds_alternative<Exited>(result.ending)) {
    *options.held = collector->take_held();
    options.held->watched = std::move(watched);
  }
  return result;
}

}  // namespace

RunResult run(const Command& command, const RunOptions& options) {
  const auto started = SteadyClock::now();
  RunResult result = start_and_supervise(command, options);
  result.elapsed = std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - started);
  return result;
}

}  // namespace proc
