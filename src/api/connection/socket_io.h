// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/connection/allowance.h"

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace api {

/// Bytes to and from one connected socket, within one allowance of time for everything, however fast or slow
/// the peer reads and writes. Small writes wait for more, so that the head and the body of a request leave in
/// one packet. Borrows the descriptor; reused from request to request for its buffers. Not synchronised.
class SocketIo {
 public:
  SocketIo();

  /// From here on `fd`, as long as `allowance` lasts, which is borrowed. Forgets whatever was buffered.
  void begin(int fd, Allowance& allowance);

  /// Takes `bytes`; blocks while the peer does not. False: the connection is of no more use for writing (it
  /// broke, the time is up, or the peer has answered without reading on).
  bool send(std::string_view bytes);

  /// Up to `size` bytes, at least one, waited for; 0 at the end of the stream, -1 when it broke or the time
  /// is up. Sends first what waits to be sent; where that cannot be sent any more, what the peer has said
  /// before it stopped reading still comes.
  ssize_t receive(char* buffer, std::size_t size);

  /// Nothing of what send() took has failed to leave.
  [[nodiscard]] bool sent() const { return sent_; }

  /// What broke first, in words; empty while nothing has.
  [[nodiscard]] const std::string& failure() const { return failure_; }

  /// Whether an idle connection can carry another request: open, and nothing unread on it. Stray bytes would
  /// be taken for the answer to a request that was not even sent.
  static bool is_clean(int fd);

 private:
  void flush();
  bool send_now(std::string_view bytes);
  bool wait_until_writable();
  ssize_t receive_now(char* buffer, std::size_t size);
  void note_failure(std::string failure);

  int fd_ = -1;
  Allowance* allowance_ = nullptr;
  bool sent_ = true;
  bool has_sent_ = false;  ///< since it last waited; likewise below
  bool has_received_ = false;
  std::string unsent_;
  std::vector<char> received_;
  std::size_t next_ = 0;  ///< in received_: first byte not handed out
  std::size_t end_ = 0;   ///< in received_: end of the bytes there
  std::string failure_;
};

}  // namespace api
