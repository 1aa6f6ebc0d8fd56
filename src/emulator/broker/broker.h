// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"
#include "emulator/call/event.h"
#include "emulator/call/receipt.h"
#include "emulator/call/reply.h"
#include "emulator/call/verdict.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace emulator {

/// Between callers with events and one runtime that polls, without any I/O. Which calls run at a time, when
/// one is complete and what the runtime may do when is a matter of the kind: on_demand_broker.h and
/// managed_broker.h. Every member may be called from any thread; the blocking ones say so.
class Broker {
 public:
  virtual ~Broker() = default;

  // ---- The callers' side.

  /// Blocks until the runtime has asked for its first event: nullopt. Else why it never will: it failed, it
  /// ended, or `limit` has passed (InitTimedOut with `allotted`).
  virtual std::optional<Reply> wait_until_polled(base::Deadline limit,
                                                 std::chrono::milliseconds allotted) = 0;

  struct Completed {
    Reply reply;
    std::chrono::microseconds duration{0};  ///< from the delivery on; zero when never delivered
    bool runtime_is_back = false;  ///< false: the runtime ended, or has to be ended before the next call
  };
  /// Blocks until the call is complete or its time is up, which counts from the delivery. Calls wait in line.
  virtual Completed invoke(Event event) = 0;

  /// No further events: every waiting and every later call gets `why`; the first one given stays. The runtime
  /// is not told: its poll goes on waiting, so that it can be ended without an error of its own.
  virtual void close(Reply why) = 0;

  /// The runtime is gone, or nobody listens to it any more: every GET next, parked or to come, is sent away.
  virtual void hang_up() = 0;

  // ---- The runtime's side, as runtime_api.cpp routes it.

  struct Delivery {
    std::shared_ptr<const Event> event;
    std::chrono::milliseconds deadline;  ///< Unix time
  };
  /// Blocks until there is an event. `peer_is_there` is asked before an event is handed out: a poll whose
  /// connection has died must not swallow it.
  virtual std::variant<Delivery, Receipt> next(const std::function<bool()>& peer_is_there) = 0;

  using Post = RuntimePost;
  virtual Receipt response(std::string_view request_id, Post post) = 0;
  virtual Receipt error(std::string_view request_id, Post post) = 0;
  virtual Receipt init_error(Post post) = 0;

  /// A response that comes in pieces: begin, then take for each, then end.
  struct Call;
  using Stream = std::shared_ptr<Call>;
  using StreamEnd = emulator::StreamEnd;
  virtual std::variant<Stream, Receipt> begin_stream(std::string_view request_id,
                                                     const std::string& content_type) = 0;
  /// Blocks as long as the call's listener does. False: it is over, read no further.
  virtual bool take(const Stream& stream, std::string_view bytes) = 0;
  virtual Receipt end_stream(const Stream& stream, StreamEnd end) = 0;
};

}  // namespace emulator
