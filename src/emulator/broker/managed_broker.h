// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "emulator/broker/broker.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>

namespace emulator {

/// As many calls at a time as the runtime has polls open, as on a managed instance. Answers come in any
/// order, and each completes its call at once. A call whose time is up fails alone: the runtime is not
/// touched, the answer that comes later gets 410, and 400 if it comes again. Any other id that is not running
/// gets 400.
class ManagedBroker final : public Broker {
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
  using Running = std::map<std::string, std::shared_ptr<Call>, std::less<>>;

  void wait_for(std::unique_lock<std::mutex>& lock, Call& call);
  void give_up(const std::shared_ptr<Call>& call);
  std::shared_ptr<Call> take_running(std::string_view request_id);
  Receipt refusal(std::string_view request_id);
  Receipt settle(Call& call, Verdict verdict);

  std::mutex mutex_;
  std::condition_variable polled_changed_;
  std::condition_variable event_came_;  // one poll for each
  bool polled_ = false;
  std::optional<Reply> closed_;
  bool hung_up_ = false;
  std::deque<std::shared_ptr<Call>> waiting_;
  Running running_;
  std::deque<std::string> timed_out_;  // ids that have not been answered since
};

}  // namespace emulator
