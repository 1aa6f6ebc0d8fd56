// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "emulator/broker/broker.h"

#include <condition_variable>
#include <deque>
#include <mutex>

namespace emulator {

/// One call at a time, as in an environment on demand: the state machine of the service.
///
///   Started --next--> Ready --event--> Running --response | error--> ResponseSent --next--> Ready …
///   Running --streamed response--> InvocationResponse --its end--> ResponseSent
///   Started --init/error--> InitError
///
/// A call is complete when the runtime is back at next, as on the service; an answer that was accepted stands
/// whatever happens to the runtime afterwards.
class OnDemandBroker final : public Broker {
 public:
  std::optional<Reply> wait_until_polled(base::Deadline limit, std::chrono::milliseconds allotted) override;
  Completed invoke(Event event) override;
  void close(Reply why) override;
  void hang_up() override;

  std::variant<Delivery, Receipt> next(const std::function<bool()>& peer_is_there) override;
  Receipt response(std::string_view request_id, Post post) override;
  Receipt error(std::string_view request_id, Post post) override;
  Receipt init_error(Post post) override;
  std::variant<Stream, Receipt> begin_stream(std::string_view request_id,
                                             const std::string& content_type) override;
  bool take(const Stream& stream, std::string_view bytes) override;
  Receipt end_stream(const Stream& stream, StreamEnd end) override;

 private:
  enum class State { started, init_failed, ready, running, responding, response_sent };

  static std::string_view name_of(State state);
  std::optional<Receipt> refusal(std::string_view request_id, std::string_view target) const;
  Delivery deliver(std::shared_ptr<Call> call);
  Receipt settle(Verdict verdict);
  void finish_current();
  void park(std::unique_lock<std::mutex>& lock);
  void forget(const std::shared_ptr<Call>& call);
  void wait_for(std::unique_lock<std::mutex>& lock, const Call& call);

  std::mutex mutex_;
  std::condition_variable changed_;
  State state_ = State::started;
  std::optional<Reply> closed_;
  bool hung_up_ = false;
  std::deque<std::shared_ptr<Call>> waiting_;
  std::shared_ptr<Call> current_;  ///< delivered, and not complete
  int parked_ = 0;                 ///< GET next that wait for an event
};

}  // namespace emulator
