// SPDX-License-Identifier: Apache-2.0
#include "emulator/sandbox.h"

#include "emulator/identifiers.h"

#include <utility>

namespace emulator {
namespace {

// How long a runtime that has posted an init error may take to exit by itself, so that its last words are
// seen.
constexpr auto kLeaveTime = std::chrono::milliseconds(500);

// A variable, because g++ 12 takes a temporary of it for uninitialised where a sanitizer is on.
const Reply kCancelled = Cancelled{};

}  // namespace

Sandbox::Sandbox(Options options, proc::Family& family, base::Logger& logger)
    : options_(std::move(options)), family_(family), logger_(logger) {}

std::shared_ptr<Environment> Sandbox::environment() {
  const std::lock_guard lock(mutex_);
  if (!environment_ && !cancelled_) {
    environment_ = std::make_shared<Environment>(
        Environment::Options{options_.function, options_.own, options_.log_fd, options_.api_trace}, family_);
    fresh_ = true;
  }
  return environment_;
}

std::optional<Reply> Sandbox::ensure_ready() {
  const auto current = environment();
  if (!current) return Cancelled{};
  auto failed = current->wait_until_ready();
  if (!failed) return std::nullopt;
  const bool ended_while_idle = !fresh_ && std::holds_alternative<RuntimeExited>(*failed);
  give_up(*current, *failed);
  return ended_while_idle ? ensure_ready() : failed;
}

/// Ends an environment whose init failed, or that has ended while idle, and logs what the service would.
void Sandbox::give_up(Environment& environment, const Reply& why) {
  environment.close(why);
  if (std::holds_alternative<InitFailed>(why))
    environment.wait_until_ended(base::Deadline::after(kLeaveTime));
  const bool overdue = std::holds_alternative<InitTimedOut>(why);
  overdue ? environment.end_now() : environment.stop();
  environment.wait_until_ended(base::Deadline::never());
  if (fresh_ && !std::holds_alternative<Cancelled>(why))
    logger_.pass_on(
        init_report_line(environment.init_duration(), service_answer(why, "").error_type, overdue));
  const std::lock_guard lock(mutex_);
  environment_.reset();
}

Sandbox::Outcome Sandbox::invoke(Event event) {
  if (auto failed = ensure_ready()) return {*std::move(failed), true};
  const auto current = environment();
  if (!current) return {Cancelled{}, true};
  logger_.pass_on(start_line(event.request_id, options_.function.version));
  if (options_.freeze) current->thaw();
  auto call = current->invoke(event);
  if (!call.completed.runtime_is_back)
    finish(*current, call.completed);
  else if (options_.freeze)
    current->freeze();
  report(event, call);
  fresh_ = false;
  return {std::move(call.completed.reply), false};
}

/// Ends an environment that cannot serve another call.
void Sandbox::finish(Environment& environment, const Broker::Completed& call) {
  if (std::holds_alternative<Answered>(call.reply) || std::holds_alternative<Streamed>(call.reply))
    logger_.warn("the runtime did not come back after its answer: the next event starts a new one");
  if (!std::holds_alternative<Cancelled>(call.reply)) environment.end_now();
  environment.wait_until_ended(base::Deadline::never());
  const std::lock_guard lock(mutex_);
  environment_.reset();
}

void Sandbox::renew() {
  std::shared_ptr<Environment> current;
  {
    const std::lock_guard lock(mutex_);
    current = std::exchange(environment_, nullptr);
  }
  if (!current) return;
  current->close(kCancelled);
  current->stop();
  current->wait_until_ended(base::Deadline::never());
}

void Sandbox::report(const Event& event, const Environment::Call& call) {
  const auto& reply = call.completed.reply;
  const bool timed_out = std::holds_alternative<TimedOut>(reply);
  CallReport report{event.request_id,
                    call.completed.duration,
                    std::nullopt,
                    options_.function.memory_mib,
                    call.peak_memory_kib,
                    service_answer(reply, event.request_id).error_type,
                    timed_out};
  if (fresh_) report.init_duration = call.init_duration;
  if (timed_out) logger_.pass_on(timeout_line(timestamp(), event.request_id, event.timeout));
  logger_.pass_on(end_line(event.request_id) + report_line(report));
}

void Sandbox::cancel() {
  const std::lock_guard lock(mutex_);
  if (environment_) {
    environment_->close(kCancelled);
    cancelled_ ? environment_->end_now() : environment_->stop();
  }
  cancelled_ = true;
}

}  // namespace emulator
