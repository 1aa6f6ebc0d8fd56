// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace api {

/// As soon as `fd` is readable (-1: never), an exchange has only `patience` left.
struct Hurry {
  int fd = -1;
  std::chrono::milliseconds patience{0};
};

/// Bytes to and from one connected socket, under one time limit for everything. Small writes wait for more,
/// so that the head and the body of a request leave in one packet. Borrows the descriptor; reused from
/// request to request for its buffers. Not synchronised.
class SocketIo {
 public:
  SocketIo();

  /// From here on `fd`, until `limit`, which a hurry can bring closer. Forgets whatever was buffered.
  void begin(int fd, base::Deadline limit, const Hurry& hurry);

  /// Takes `bytes`; blocks while the peer does not. False: the connection is of no more use for writing (it
  /// broke, the limit passed, or the peer has answered without reading on).
  bool send(std::string_view bytes);

  /// Up to `size` bytes, at least one, waited for; 0 at the end of the stream, -1 when it broke or the limit
  /// passed. Sends first what waits to be sent.
  ssize_t receive(char* buffer, std::size_t size);

  /// What broke, in words; empty while nothing has.
  [[nodiscard]] const std::string& failure() const { return failure_; }

  /// The hurry has set in.
  [[nodiscard]] bool hurried() const { return hurried_; }

  /// Whether an idle connection can carry another request: open, and nothing unread on it. Stray bytes would
  /// be taken for the answer to a request that was not even sent.
  static bool is_clean(int fd);

 private:
  bool flush();
  bool send_now(std::string_view bytes);
  bool wait_for(short events);
  ssize_t receive_now(char* buffer, std::size_t size);

  int fd_ = -1;
  base::Deadline limit_ = base::Deadline::never();
  Hurry hurry_;
  bool hurried_ = false;
  std::string unsent_;
  std::vector<char> received_;
  std::size_t next_ = 0;  ///< in received_: first byte not handed out
  std::size_t end_ = 0;   ///< in received_: end of the bytes there
  std::string failure_;
};

}  // namespace api
