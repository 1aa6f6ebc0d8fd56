// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/connection/endpoint.h"
#include "base/io/unique_fd.h"
#include "base/log/logger.h"

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

namespace runtime {

/// The way to X-Ray's daemon: datagrams that nobody waits for. What cannot be sent at once is dropped and
/// counted; the log says so of the first, tenth, hundredth… one. Any thread may call.
class XrayDaemon {
 public:
  /// `logger` is borrowed. The socket is made with the first datagram: after a snapshot was restored, that
  /// is.
  XrayDaemon(api::Endpoint endpoint, base::Logger& logger);

  /// Never blocks.
  void send(std::string_view datagram);

 private:
  int try_to_send(std::string_view datagram);
  int open_socket();
  void note_dropped(int reason);

  const api::Endpoint endpoint_;
  base::Logger& logger_;
  std::mutex mutex_;
  base::UniqueFd socket_;
  std::size_t dropped_ = 0;
  std::size_t next_word_at_ = 1;
};

}  // namespace runtime
