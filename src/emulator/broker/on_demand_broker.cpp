// SPDX-License-Identifier: Apache-2.0
#include "emulator/broker/on_demand_broker.h"

#include "emulator/broker/broker_call.h"

#include <algorithm>

namespace emulator {

using base::SteadyClock;

std::string_view OnDemandBroker::name_of(State state) {
  switch (state) {
    case State::started:
      return "Started";
    case State::init_failed:
      return "InitError";
    case State::ready:
      return "Ready";
    case State::running:
      return "Running";
    case State::responding:
      return "InvocationResponse";
    case State::response_sent:
      return "ResponseSent";
  }
  return "";
}

std::optional<Reply> OnDemandBroker::wait_until_polled(base::Deadline limit,
                                                       std::chrono::milliseconds allotted) {
  std::unique_lock lock(mutex_);
  const auto decided = [&] { return closed_ || (state_ != State::started && state_ != State::init_failed); };
  const auto at_most = std::min<SteadyClock::duration>(limit.remaining(), std::chrono::hours(24));
  if (!changed_.wait_until(lock, SteadyClock::now() + at_most, decided)) return InitTimedOut{allotted};
  return closed_;
}

Broker::Completed OnDemandBroker::invoke(Event event) {
  const auto call = std::make_shared<Call>(std::move(event));
  std::unique_lock lock(mutex_);
  waiting_.push_back(call);
  changed_.notify_all();
  wait_for(lock, *call);
  forget(call);
  if (call->event->listener) call->event->listener->end();
  if (!call->reply) call->reply = closed_ ? *closed_ : Reply(TimedOut{call->event->timeout});
  return {*std::move(call->reply), call->duration(), call->complete};
}

void OnDemandBroker::wait_for(std::unique_lock<std::mutex>& lock, const Call& call) {
  while (!call.complete && !closed_) {
    if (!call.delivered())
      changed_.wait(lock);
    else if (changed_.wait_until(lock, call.deadline) == std::cv_status::timeout)
      return;
  }
}

/// A runtime that was not killed at the deadline (because somebody else runs it) may go on polling: its late
/// answer then carries a request id that is no longer the current one. One that is being ended shall find its
/// last answer accepted, though nobody waits for it any more.
void OnDemandBroker::forget(const std::shared_ptr<Call>& call) {
  std::erase(waiting_, call);
  call->over = true;
  if (current_ != call || closed_) return;
  current_.reset();
  state_ = State::response_sent;
}

void OnDemandBroker::close(Reply why) {
  const std::lock_guard lock(mutex_);
  if (!closed_) closed_ = std::move(why);
  changed_.notify_all();
}

void OnDemandBroker::hang_up() {
  const std::lock_guard lock(mutex_);
  hung_up_ = true;
  changed_.notify_all();
}

std::variant<Broker::Delivery, Receipt> OnDemandBroker::next(const std::function<bool()>& peer_is_there) {
  std::unique_lock lock(mutex_);
  if (state_ == State::init_failed || state_ == State::responding)
    return Receipt::invalid_transition(name_of(state_), "Ready");
  if (state_ == State::running && current_) return Delivery{current_->event, current_->unix_deadline};
  if (state_ == State::response_sent) finish_current();
  state_ = State::ready;
  park(lock);
  if (hung_up_ || !peer_is_there()) {
    changed_.notify_all();  // another parked poll may take the event
    return Receipt::closed();
  }
  auto call = waiting_.front();
  waiting_.pop_front();
  return deliver(std::move(call));
}

void OnDemandBroker::park(std::unique_lock<std::mutex>& lock) {
  const auto event_is_there = [this] { return !closed_ && state_ == State::ready && !waiting_.empty(); };
  ++parked_;
  changed_.notify_all();
  changed_.wait(lock, [&] { return hung_up_ || event_is_there(); });
  --parked_;
}

Broker::Delivery OnDemandBroker::deliver(std::shared_ptr<Call> call) {
  state_ = State::running;
  current_ = std::move(call);
  changed_.notify_all();
  return current_->deliver();
}

/// The id is checked before the state, as the service does: a late answer gets 400, a second one 403.
std::optional<Receipt> OnDemandBroker::refusal(std::string_view request_id, std::string_view target) const {
  if (!current_ || current_->event->request_id != request_id) return Receipt::invalid_request_id();
  if (state_ != State::running) return Receipt::invalid_transition(name_of(state_), target);
  return std::nullopt;
}

Receipt OnDemandBroker::response(std::string_view request_id, Post post) {
  const std::lock_guard lock(mutex_);
  if (auto refused = refusal(request_id, "InvocationResponse")) return *refused;
  return settle(judge_response(std::move(post)));
}

std::variant<Broker::Stream, Receipt> OnDemandBroker::begin_stream(std::string_view request_id,
                                                                   const std::string& content_type) {
  const std::lock_guard lock(mutex_);
  if (auto refused = refusal(request_id, "InvocationResponse")) return *std::move(refused);
  state_ = State::responding;
  current_->streamed = StreamedResponse(current_->event->listener, content_type);
  if (current_->event->listener) current_->event->listener->begin(content_type);
  return current_;
}

bool OnDemandBroker::take(const Stream& stream, std::string_view bytes) {
  {
    const std::lock_guard lock(mutex_);
    if (stream->over || !stream->streamed.take(bytes)) return false;
  }
  return !stream->event->listener || stream->event->listener->take(bytes);
}

Receipt OnDemandBroker::end_stream(const Stream& stream, StreamEnd end) {
  const std::lock_guard lock(mutex_);
  if (stream != current_) return Receipt::invalid_request_id();
  return settle(stream->streamed.judge(std::move(end)));
}

Receipt OnDemandBroker::error(std::string_view request_id, Post post) {
  const std::lock_guard lock(mutex_);
  if (auto refused = refusal(request_id, "InvocationErrorResponse")) return *refused;
  return settle(judge_error(std::move(post)));
}

Receipt OnDemandBroker::init_error(Post post) {
  const std::lock_guard lock(mutex_);
  if (state_ != State::started) return Receipt::invalid_transition(name_of(state_), "InitError");
  state_ = State::init_failed;
  if (!closed_) closed_ = InitFailed{normalised_error_type(post.error_type), std::move(post.body)};
  changed_.notify_all();
  return Receipt::accepted();
}

Receipt OnDemandBroker::settle(Verdict verdict) {
  current_->reply = std::move(verdict.reply);
  state_ = State::response_sent;
  if (parked_ > 0) {  // a runtime with a second poll in flight is back already
    finish_current();
    state_ = State::ready;
  }
  changed_.notify_all();
  return std::move(verdict.receipt);
}

void OnDemandBroker::finish_current() {
  if (!current_) return;
  current_->complete_now();
  current_.reset();
}

}  // namespace emulator
