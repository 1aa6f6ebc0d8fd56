// SPDX-License-Identifier: Apache-2.0
#include "emulator/broker/managed_broker.h"

#include "emulator/broker/broker_call.h"

#include <algorithm>

namespace emulator {
namespace {

// As many as the service's own emulator remembers.
constexpr std::size_t kRemembered = 1000;

}  // namespace

std::optional<Reply> ManagedBroker::wait_until_polled(base::Deadline limit,
                                                      std::chrono::milliseconds allotted) {
  std::unique_lock lock(mutex_);
  const auto at_most = std::min<base::SteadyClock::duration>(limit.remaining(), std::chrono::hours(24));
  const auto decided = [this] { return closed_ || polled_; };
  if (!polled_changed_.wait_until(lock, base::SteadyClock::now() + at_most, decided))
    return InitTimedOut{allotted};
  return closed_;
}

Broker::Completed ManagedBroker::invoke(Event event) {
  const auto call = std::make_shared<Call>(std::move(event));
  std::unique_lock lock(mutex_);
  waiting_.push_back(call);
  event_came_.notify_one();
  wait_for(lock, *call);
  give_up(call);
  if (call->event->listener) call->event->listener->end();
  if (!call->reply) call->reply = closed_ ? *closed_ : Reply(TimedOut{call->event->timeout});
  return {*std::move(call->reply), call->duration(), !closed_};
}

void ManagedBroker::wait_for(std::unique_lock<std::mutex>& lock, Call& call) {
  while (!call.complete && !closed_) {
    if (!call.delivered())
      call.changed.wait(lock);
    else if (call.changed.wait_until(lock, call.deadline) == std::cv_status::timeout)
      return;
  }
}

/// Where the runtime is being ended, its last answers are accepted though nobody waits for them.
void ManagedBroker::give_up(const std::shared_ptr<Call>& call) {
  call->over = true;
  std::erase(waiting_, call);
  if (call->complete || closed_ || running_.erase(call->event->request_id) == 0) return;
  timed_out_.push_back(call->event->request_id);
  if (timed_out_.size() > kRemembered) timed_out_.pop_front();
}

void ManagedBroker::close(Reply why) {
  const std::lock_guard lock(mutex_);
  if (!closed_) closed_ = std::move(why);
  polled_changed_.notify_all();
  for (const auto& call : waiting_) call->changed.notify_all();
  for (const auto& [id, call] : running_) call->changed.notify_all();
}

void ManagedBroker::hang_up() {
  const std::lock_guard lock(mutex_);
  hung_up_ = true;
  event_came_.notify_all();
}

std::variant<Broker::Delivery, Receipt> ManagedBroker::next(const std::function<bool()>& peer_is_there) {
  std::unique_lock lock(mutex_);
  if (!polled_ && closed_ && !hung_up_) return Receipt::invalid_transition("InitError", "Ready");
  polled_ = true;
  polled_changed_.notify_all();
  event_came_.wait(lock, [this] { return hung_up_ || (!closed_ && !waiting_.empty()); });
  if (hung_up_ || !peer_is_there()) {
    event_came_.notify_one();  // another parked poll may take the event
    return Receipt::closed();
  }
  const auto call = waiting_.front();
  waiting_.pop_front();
  running_.insert_or_assign(call->event->request_id, call);
  call->changed.notify_all();  // its time runs
  return call->deliver();
}

std::shared_ptr<Broker::Call> ManagedBroker::take_running(std::string_view request_id) {
  const auto found = running_.find(request_id);
  if (found == running_.end() || found->second->responding) return nullptr;
  auto call = std::move(found->second);
  running_.erase(found);
  return call;
}

/// Of a late answer only the first one is called late.
Receipt ManagedBroker::refusal(std::string_view request_id) {
  const auto late = std::ranges::find(timed_out_, request_id);
  if (late == timed_out_.end()) return Receipt::invalid_request_id();
  timed_out_.erase(late);
  return Receipt::invoke_timeout();
}

Receipt ManagedBroker::response(std::string_view request_id, Post post) {
  const std::lock_guard lock(mutex_);
  const auto call = take_running(request_id);
  return call ? settle(*call, judge_response(std::move(post))) : refusal(request_id);
}

Receipt ManagedBroker::error(std::string_view request_id, Post post) {
  const std::lock_guard lock(mutex_);
  const auto call = take_running(request_id);
  return call ? settle(*call, judge_error(std::move(post))) : refusal(request_id);
}

Receipt ManagedBroker::init_error(Post post) {
  const std::lock_guard lock(mutex_);
  if (polled_ || closed_) return Receipt::invalid_transition(polled_ ? "Ready" : "InitError", "InitError");
  closed_ = InitFailed{normalised_error_type(post.error_type), std::move(post.body)};
  polled_changed_.notify_all();
  return Receipt::accepted();
}

/// From here on the id is taken: a second answer beside it is refused.
std::variant<Broker::Stream, Receipt> ManagedBroker::begin_stream(std::string_view request_id,
                                                                  const std::string& content_type) {
  const std::lock_guard lock(mutex_);
  const auto found = running_.find(request_id);
  if (found == running_.end()) return refusal(request_id);
  const auto& call = found->second;
  if (call->responding) return Receipt::invalid_request_id();
  call->responding = true;
  call->streamed = StreamedResponse(call->event->listener, content_type);
  if (call->event->listener) call->event->listener->begin(content_type);
  return call;
}

bool ManagedBroker::take(const Stream& stream, std::string_view bytes) {
  {
    const std::lock_guard lock(mutex_);
    if (stream->over || !stream->streamed.take(bytes)) return false;
  }
  return !stream->event->listener || stream->event->listener->take(bytes);
}

Receipt ManagedBroker::end_stream(const Stream& stream, StreamEnd end) {
  const std::lock_guard lock(mutex_);
  const auto& id = stream->event->request_id;
  stream->responding = false;
  if (stream->over && !closed_) return refusal(id);
  take_running(id);
  return settle(*stream, stream->streamed.judge(std::move(end)));
}

Receipt ManagedBroker::settle(Call& call, Verdict verdict) {
  call.reply = std::move(verdict.reply);
  call.complete_now();
  call.changed.notify_all();
  return std::move(verdict.receipt);
}

}  // namespace emulator
