// SPDX-License-Identifier: Apache-2.0
#include "emulator/environment/sandbox.h"

#include "emulator/call/identifiers.h"

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
    : options_(std::move(options)),
      family_(family),
      logger_(logger),
      service_log_(logger, options_.function.is_managed()) {}

std::shared_ptr<Environment> Sandbox::environment() {
  const std::lock_guard lock(mutex_);
  if (!environment_ && !cancelled_)
    environment_ = std::make_shared<Environment>(
        Environment::Options{options_.function, options_.own, options_.log_fd, options_.api_trace, &logger_},
        family_);
  return environment_;
}

/// True where it was the current one: one of those who find it useless says so.
bool Sandbox::forget(const std::shared_ptr<Environment>& environment) {
  const std::lock_guard lock(mutex_);
  if (environment_ != environment) return false;
  environment_.reset();
  return true;
}

std::variant<std::shared_ptr<Environment>, Reply> Sandbox::ready_environment() {
  while (const auto current = environment()) {
    auto failed = current->wait_until_ready();
    if (!failed) return current;
    const bool ended_while_idle = current->was_ready() && std::holds_alternative<RuntimeExited>(*failed);
    give_up(current, *failed);
    if (!ended_while_idle) return *std::move(failed);
  }
  return kCancelled;
}

/// Ends an environment whose init failed, or that has ended while idle, and logs what the service would.
void Sandbox::give_up(const std::shared_ptr<Environment>& environment, const Reply& why) {
  environment->close(why);
  if (std::holds_alternative<InitFailed>(why))
    environment->wait_until_ended(base::Deadline::after(kLeaveTime));
  const bool overdue = std::holds_alternative<InitTimedOut>(why);
  overdue ? environment->end_now() : environment->stop();
  environment->wait_until_ended(base::Deadline::never());
  if (forget(environment) && !environment->was_ready() && !std::holds_alternative<Cancelled>(why))
    service_log_.init_failed(environment->init_duration(), service_answer(why, "").error_type, overdue);
}

Sandbox::Outcome Sandbox::invoke(const Event& event) {
  const auto ready = ready_environment();
  if (const auto* failed = std::get_if<Reply>(&ready)) return {*failed, true};
  const auto& current = std::get<std::shared_ptr<Environment>>(ready);
  service_log_.call_started(event.request_id, options_.function.version);
  if (options_.freeze) current->thaw();
  auto call = current->invoke(event);
  if (!call.completed.runtime_is_back)
    finish(current, call.completed);
  else if (options_.freeze)
    current->freeze();
  report(event, call, current->take_fresh());
  return {std::move(call.completed.reply), false};
}

/// Ends an environment that cannot serve another call.
void Sandbox::finish(const std::shared_ptr<Environment>& environment, const Broker::Completed& call) {
  const bool answered =
      std::holds_alternative<Answered>(call.reply) || std::holds_alternative<Streamed>(call.reply);
  if (answered && !options_.function.is_managed())
    logger_.warn("the runtime did not come back after its answer: the next event starts a new one");
  if (!std::holds_alternative<Cancelled>(call.reply)) environment->end_now();
  environment->wait_until_ended(base::Deadline::never());
  forget(environment);
}

/// Whoever has calls in the old one takes it along when they end.
void Sandbox::renew() {
  std::shared_ptr<Environment> old;  // ends behind the lock
  const std::lock_guard lock(mutex_);
  std::erase_if(retired_, [](const auto& environment) { return environment.expired(); });
  retired_.emplace_back(environment_);
  old.swap(environment_);
}

void Sandbox::report(const Event& event, const Environment::Call& call, bool is_first) {
  const auto& reply = call.completed.reply;
  CallReport report{event.request_id,
                    call.completed.duration,
                    std::nullopt,
                    options_.function.memory_mib,
                    call.peak_memory_kib,
                    service_answer(reply, event.request_id).error_type,
                    std::holds_alternative<TimedOut>(reply)};
  if (is_first) report.init_duration = call.init_duration;
  service_log_.call_ended(report, event.timeout);
}

void Sandbox::cancel() {
  const std::lock_guard lock(mutex_);
  end(environment_);
  for (const auto& environment : retired_) end(environment.lock());
  cancelled_ = true;
}

void Sandbox::end(const std::shared_ptr<Environment>& environment) const {
  if (!environment) return;
  environment->close(kCancelled);
  cancelled_ ? environment->end_now() : environment->stop();
}

}  // namespace emulator
