// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/unique_fd.h"

#include <poll.h>

#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

using Clock = std::chrono::steady_clock;

/// What a contestant posted: to /response, or to an error endpoint.
struct Answer {
  std::string request_id;
  bool is_response = false;
  std::string_view body;      ///< valid until the next call of wait()
  Clock::time_point arrived;  ///< when the kernel had its last byte, whenever we got a processor to read it
};

/// The service side of the Runtime API for one contestant: a server on loopback, port 0, without threads and
/// without a clock of its own. Polls and answers come in during wait() and are kept until taken. Any number
/// of connections, kept or new for every request. Receives into buffers that it keeps, so that page faults of
/// the server are no part of what is measured.
class RuntimeApi {
 public:
  RuntimeApi();
  RuntimeApi(const RuntimeApi&) = delete;
  RuntimeApi& operator=(const RuntimeApi&) = delete;
  ~RuntimeApi();

  [[nodiscard]] const std::string& address() const { return address_; }  ///< "127.0.0.1:PORT"
  [[nodiscard]] std::size_t polls() const { return polls_.size(); }  ///< connections that wait for an event
  [[nodiscard]] Clock::time_point last_poll() const { return last_poll_; }

  /// Waits until something happened on the wire, `process_fd` (a pidfd) became readable, or the limit passed.
  /// False in the last two cases.
  bool wait(int process_fd, Clock::time_point limit);

  /// Gives the event to the connection that has waited longest (there must be one). Returns the time before
  /// its last bytes were sent, and not behind that: whom they wake may take our processor. A connection that
  /// is lost meanwhile shows as an answer that never comes.
  Clock::time_point send_event(std::string_view request_id, std::string_view event);

  /// True, and the oldest answer, if there is one.
  bool take_answer(Answer& answer);

 private:
  struct Connection;

  void accept_all();
  bool receive(Connection& connection);
  bool read_more(Connection& connection);
  void parse_head(Connection& connection);
  void complete(Connection& connection);
  void reply(const Connection& connection, std::string_view text) const;

  base::UniqueFd listener_;
  std::string address_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<std::unique_ptr<char[]>> spare_buffers_;
  std::vector<pollfd> polled_;
  std::deque<Connection*> polls_;
  std::deque<Answer> answers_;
  Clock::time_point last_poll_;
};

}  // namespace bench
