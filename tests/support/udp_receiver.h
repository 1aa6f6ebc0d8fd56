// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/unique_fd.h"

#include <chrono>
#include <optional>
#include <string>

namespace support {

/// Takes datagrams on a free port of 127.0.0.1. Aborts the test program where that cannot be had.
class UdpReceiver {
 public:
  UdpReceiver();

  /// "127.0.0.1:PORT".
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] int port() const { return port_; }

  /// The next datagram; nullopt when none comes within `limit`.
  std::optional<std::string> next(std::chrono::milliseconds limit = std::chrono::seconds(30));
  /// Whether one has come already.
  [[nodiscard]] bool has_more() const;

 private:
  base::UniqueFd socket_;
  int port_ = 0;
};

}  // namespace support
