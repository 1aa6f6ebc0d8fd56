// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/raw_socket.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace support {

/// A server that answers without an end: to the first byte on any connection it sends `beginning`, then
/// `unit` again and again until the client leaves, the peer is destroyed, or kPatience has passed, so that a
/// client that would read for ever fails its test instead of hanging in it. What the client sends is not
/// read.
class EndlessPeer {
 public:
  static constexpr std::chrono::seconds kPatience{40};
  /// As fast as the client reads; or a byte at a time, one each two milliseconds.
  enum class Pace { flood, drip };

  EndlessPeer(std::string beginning, std::string unit, Pace pace);
  EndlessPeer(const EndlessPeer&) = delete;
  EndlessPeer& operator=(const EndlessPeer&) = delete;
  ~EndlessPeer();

  [[nodiscard]] int port() const { return listener_.port; }
  /// Bytes that the clients' sockets have taken.
  [[nodiscard]] std::size_t sent() const { return sent_; }

 private:
  void accept_connections();
  void serve(int fd);
  bool send(int fd, std::string_view bytes);

  const std::string beginning_;
  const std::string units_;
  const std::size_t packet_;
  const std::chrono::milliseconds pause_;
  Listener listener_;
  std::atomic<std::size_t> sent_ = 0;
  std::mutex mutex_;
  bool stopping_ = false;
  std::vector<base::UniqueFd> connections_;
  std::vector<std::thread> servers_;
  std::thread acceptor_;
};

}  // namespace support
