// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"
#include "emulator/event.h"
#include "emulator/receipt.h"
#include "emulator/reply.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace emulator {

/// Between callers with events and one runtime that polls: the state machine of the service, without any I/O.
///
///   Started --next--> Ready --event--> Running --response | error--> ResponseSent --next--> Ready …
///   Running --streamed response--> InvocationResponse --its end--> ResponseSent
///   Started --init/error--> InitError
///
/// A call is complete when the runtime is back at next, as on the service; an answer that was accepted stands
/// whatever happens to the runtime afterwards. Every member may be called from any thread; the blocking ones
/// say so.
class Broker {
 public:
  // ---- The callers' side.

  /// Blocks until the runtime has asked for its first event: nullopt. Else why it never will: it failed, it
  /// ended, or `limit` has passed (InitTimedOut with `allotted`).
  std::optional<Reply> wait_until_polled(base::Deadline limit, std::chrono::milliseconds allotted);

  struct Completed {
    Reply reply;
    std::chrono::microseconds duration{0};  ///< from the delivery on; zero when never delivered
    bool runtime_is_back = false;  ///< false: the runtime ended, or has to be ended before the next call
  };
  /// Blocks until the call is complete or its time is up, which counts from the delivery. Calls wait in line.
  Completed invoke(Event event);

  /// No further events: every waiting and every later call gets `why`; the first one given stays. The runtime
  /// is not told: its poll goes on waiting, so that it can be ended without an error of its own.
  void close(Reply why);

  /// The runtime is gone, or nobody listens to it any more: every GET next, parked or to come, is sent away.
  void hang_up();

  // ---- The runtime's side, as runtime_api.cpp routes it.

  struct Delivery {
    std::shared_ptr<const Event> event;
    std::chrono::milliseconds deadline;  ///< Unix time
  };
  /// Blocks until there is an event. `peer_is_there` is asked before an event is handed out: a poll whose
  /// connection has died must not swallow it.
  std::variant<Delivery, Receipt> next(const std::function<bool()>& peer_is_there);

  /// The body of a POST. `size` is the size as sent, `body` may hold less where it is over every limit.
  struct Post {
    std::string body;
    std::size_t size = 0;
    std::string content_type;
    std::string error_type;     ///< header of error posts
    std::string response_mode;  ///< header of responses; empty: not sent
    bool complete = true;       ///< false: the connection broke before the end of the body
  };
  Receipt response(std::string_view request_id, Post post);

  /// A response that comes in pieces: begin, then take for each, then end.
  struct Call;
  using Stream = std::shared_ptr<Call>;
  std::variant<Stream, Receipt> begin_stream(std::string_view request_id, const std::string& content_type);
  /// Blocks as long as the call's listener does. False: it is over, read no further.
  bool take(const Stream& stream, std::string_view bytes);
  struct StreamEnd {
    bool complete = true;    ///< false: the connection broke, or take() did not want the rest
    std::string error_type;  ///< trailers; empty: none
    std::string error_body;  ///< decoded
  };
  Receipt end_stream(const Stream& stream, StreamEnd end);

  Receipt error(std::string_view request_id, Post post);
  Receipt init_error(Post post);

 private:
  enum class State { started, init_failed, ready, running, responding, response_sent };

  static std::string_view name_of(State state);
  std::optional<Receipt> refusal(std::string_view request_id, std::string_view target) const;
  Delivery deliver(std::shared_ptr<Call> call);
  Receipt settle(Reply reply, Receipt receipt);
  Receipt settle_broken(const Call& call);
  Receipt settle_collected(Call& call);
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
