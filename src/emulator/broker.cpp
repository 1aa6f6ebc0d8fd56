// SPDX-License-Identifier: Apache-2.0
#include "emulator/broker.h"

#include "api/wire.h"

#include <algorithm>

namespace emulator {

using base::SteadyClock;

struct Broker::Call {
  explicit Call(Event its) : event(std::make_shared<const Event>(std::move(its))) {}

  [[nodiscard]] bool delivered() const { return delivered_at != SteadyClock::time_point{}; }

  std::shared_ptr<const Event> event;
  SteadyClock::time_point delivered_at;
  SteadyClock::time_point deadline;
  std::chrono::milliseconds unix_deadline{0};
  SteadyClock::time_point ended_at;
  std::optional<Reply> reply;
  bool complete = false;

  // Of a streamed answer.
  std::string content_type;
  std::string collected;  // where nobody listens
  std::size_t size = 0;
  bool over = false;  // nobody waits for it any more
};

std::string_view Broker::name_of(State state) {
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

std::optional<Reply> Broker::wait_until_polled(base::Deadline limit, std::chrono::milliseconds allotted) {
  std::unique_lock lock(mutex_);
  const auto decided = [&] { return closed_ || (state_ != State::started && state_ != State::init_failed); };
  const auto at_most = std::min<SteadyClock::duration>(limit.remaining(), std::chrono::hours(24));
  if (!changed_.wait_until(lock, SteadyClock::now() + at_most, decided)) return InitTimedOut{allotted};
  return closed_;
}

Broker::Completed Broker::invoke(Event event) {
  const auto call = std::make_shared<Call>(std::move(event));
  std::unique_lock lock(mutex_);
  waiting_.push_back(call);
  changed_.notify_all();
  wait_for(lock, *call);
  forget(call);
  if (call->event->listener) call->event->listener->end();
  if (!call->complete) call->ended_at = SteadyClock::now();
  const auto begin = call->delivered() ? call->delivered_at : call->ended_at;
  const auto duration = std::chrono::duration_cast<std::chrono::microseconds>(call->ended_at - begin);
  if (!call->reply) call->reply = closed_ ? *closed_ : Reply(TimedOut{call->event->timeout});
  return {*std::move(call->reply), duration, call->complete};
}

void Broker::wait_for(std::unique_lock<std::mutex>& lock, const Call& call) {
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
void Broker::forget(const std::shared_ptr<Call>& call) {
  std::erase(waiting_, call);
  call->over = true;
  if (current_ != call || closed_) return;
  current_.reset();
  state_ = State::response_sent;
}

void Broker::close(Reply why) {
  const std::lock_guard lock(mutex_);
  if (!closed_) closed_ = std::move(why);
  changed_.notify_all();
}

void Broker::hang_up() {
  const std::lock_guard lock(mutex_);
  hung_up_ = true;
  changed_.notify_all();
}

std::variant<Broker::Delivery, Receipt> Broker::next(const std::function<bool()>& peer_is_there) {
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

void Broker::park(std::unique_lock<std::mutex>& lock) {
  const auto event_is_there = [this] { return !closed_ && state_ == State::ready && !waiting_.empty(); };
  ++parked_;
  changed_.notify_all();
  changed_.wait(lock, [&] { return hung_up_ || event_is_there(); });
  --parked_;
}

Broker::Delivery Broker::deliver(std::shared_ptr<Call> call) {
  call->delivered_at = SteadyClock::now();
  call->deadline = call->delivered_at + call->event->timeout;
  call->unix_deadline = base::unix_now() + call->event->timeout;
  state_ = State::running;
  current_ = std::move(call);
  changed_.notify_all();
  return {current_->event, current_->unix_deadline};
}

/// The id is checked before the state, as the service does: a late answer gets 400, a second one 403.
std::optional<Receipt> Broker::refusal(std::string_view request_id, std::string_view target) const {
  if (!current_ || current_->event->request_id != request_id) return Receipt::invalid_request_id();
  if (state_ != State::running) return Receipt::invalid_transition(name_of(state_), target);
  return std::nullopt;
}

Receipt Broker::response(std::string_view request_id, Post post) {
  const std::lock_guard lock(mutex_);
  if (auto refused = refusal(request_id, "InvocationResponse")) return *refused;
  if (!post.response_mode.empty() && post.response_mode != "streaming")
    return settle(FunctionFailed{"Runtime.InvalidResponseModeHeader",
                                 invalid_response_mode_payload(post.response_mode)},
                  Receipt::invalid_response_mode(post.response_mode));
  if (!post.complete)
    return settle(FunctionFailed{"Runtime.TruncatedResponse", truncated_response_payload()},
                  Receipt::truncated());
  if (post.size > api::wire::kLargestResponse)
    return settle(FunctionFailed{"Function.ResponseSizeTooLarge",
                                 response_too_large_payload(post.size, api::wire::kLargestResponse)},
                  Receipt::too_large(api::wire::kLargestResponse));
  return settle(Answered{std::move(post.body), std::move(post.content_type)}, Receipt::accepted());
}

std::variant<Broker::Stream, Receipt> Broker::begin_stream(std::string_view request_id,
                                                           const std::string& content_type) {
  const std::lock_guard lock(mutex_);
  if (auto refused = refusal(request_id, "InvocationResponse")) return *std::move(refused);
  state_ = State::responding;
  current_->content_type = content_type;
  if (current_->event->listener) current_->event->listener->begin(content_type);
  return current_;
}

bool Broker::take(const Stream& stream, std::string_view bytes) {
  auto* const listener = stream->event->listener.get();
  {
    const std::lock_guard lock(mutex_);
    if (stream->over) return false;
    stream->size += bytes.size();
    if (stream->size > api::wire::kLargestStreamedResponse) return false;
    if (listener == nullptr && stream->size <= api::wire::kLargestResponse) stream->collected.append(bytes);
  }
  return listener == nullptr || listener->take(bytes);
}

Receipt Broker::end_stream(const Stream& stream, StreamEnd end) {
  const std::lock_guard lock(mutex_);
  if (stream != current_) return Receipt::invalid_request_id();
  if (!end.complete) return settle_broken(*stream);
  const bool failed = !end.error_type.empty();
  auto type = failed ? normalised_error_type(end.error_type) : "";
  if (stream->event->listener)
    return settle(Streamed{std::move(type), std::move(end.error_body)}, Receipt::accepted());
  if (failed) return settle(FunctionFailed{std::move(type), std::move(end.error_body)}, Receipt::accepted());
  return settle_collected(*stream);
}

Receipt Broker::settle_broken(const Call& call) {
  const bool too_large = call.size > api::wire::kLargestStreamedResponse;
  const std::string type = too_large ? "Function.ResponseSizeTooLarge" : "Runtime.TruncatedResponse";
  constexpr auto kLimit = api::wire::kLargestStreamedResponse;
  auto payload = too_large ? response_too_large_payload(call.size, kLimit) : truncated_response_payload();
  const auto receipt = too_large ? Receipt::too_large(kLimit) : Receipt::truncated();
  if (call.event->listener) return settle(Streamed{type, std::move(payload)}, receipt);
  return settle(FunctionFailed{type, std::move(payload)}, receipt);
}

Receipt Broker::settle_collected(Call& call) {
  if (call.size > api::wire::kLargestResponse)
    return settle(FunctionFailed{"Function.ResponseSizeTooLarge",
                                 response_too_large_payload(call.size, api::wire::kLargestResponse)},
                  Receipt::too_large(api::wire::kLargestResponse));
  return settle(Answered{std::move(call.collected), call.content_type}, Receipt::accepted());
}

Receipt Broker::error(std::string_view request_id, Post post) {
  const std::lock_guard lock(mutex_);
  if (auto refused = refusal(request_id, "InvocationErrorResponse")) return *refused;
  if (!post.complete)
    return settle(FunctionFailed{"Runtime.TruncatedResponse", truncated_response_payload()},
                  Receipt::truncated());
  if (post.size > api::wire::kLargestResponse)
    return settle(FunctionFailed{"Function.ResponseSizeTooLarge",
                                 response_too_large_payload(post.size, api::wire::kLargestResponse)},
                  Receipt::too_large(api::wire::kLargestResponse));
  return settle(FunctionFailed{normalised_error_type(post.error_type), std::move(post.body)},
                Receipt::accepted());
}

Receipt Broker::init_error(Post post) {
  const std::lock_guard lock(mutex_);
  if (state_ != State::started) return Receipt::invalid_transition(name_of(state_), "InitError");
  state_ = State::init_failed;
  if (!closed_) closed_ = InitFailed{normalised_error_type(post.error_type), std::move(post.body)};
  changed_.notify_all();
  return Receipt::accepted();
}

Receipt Broker::settle(Reply reply, Receipt receipt) {
  current_->reply = std::move(reply);
  state_ = State::response_sent;
  if (parked_ > 0) {  // a runtime with a second poll in flight is back already
    finish_current();
    state_ = State::ready;
  }
  changed_.notify_all();
  return receipt;
}

void Broker::finish_current() {
  if (!current_) return;
  current_->complete = true;
  current_->ended_at = SteadyClock::now();
  current_.reset();
}

}  // namespace emulator
