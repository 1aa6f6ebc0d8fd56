// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "emulator/broker/broker.h"

#include <condition_variable>

namespace emulator {

/// One call on its way through a broker, which has the lock of everything in it but the event.
struct Broker::Call {
  using Time = base::SteadyClock::time_point;

  explicit Call(Event its) : event(std::make_shared<const Event>(std::move(its))) {}

  [[nodiscard]] bool delivered() const { return delivered_at != Time{}; }
  Delivery deliver() {
    delivered_at = base::SteadyClock::now();
    deadline = delivered_at + event->timeout;
    unix_deadline = base::unix_now() + event->timeout;
    return {event, unix_deadline};
  }
  void complete_now() {
    complete = true;
    ended_at = base::SteadyClock::now();
  }
  /// From the delivery to the end, which is now where it has not come.
  [[nodiscard]] std::chrono::microseconds duration() const {
    if (!delivered()) return {};
    const auto end = complete ? ended_at : base::SteadyClock::now();
    return std::chrono::duration_cast<std::chrono::microseconds>(end - delivered_at);
  }

  std::shared_ptr<const Event> event;
  Time delivered_at;
  Time deadline;
  std::chrono::milliseconds unix_deadline{0};
  Time ended_at;
  std::optional<Reply> reply;
  bool complete = false;
  bool over = false;        ///< nobody waits for it any more
  bool responding = false;  ///< its streamed response has begun
  StreamedResponse streamed;
  std::condition_variable changed;  ///< of who waits for this one
};

}  // namespace emulator
