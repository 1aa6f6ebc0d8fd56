// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"
#include "base/io/unique_fd.h"

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>

namespace emulator {

/// When the threads of a server stop waiting for their peers. Any thread may call.
class Stopping {
 public:
  Stopping();

  /// Reading ends at once, writing in `grace`. May be called again, with less.
  void begin(std::chrono::milliseconds grace);
  [[nodiscard]] bool begun() const { return begun_; }

  /// Readable, and never read, from the moment on in which nobody may wait any more.
  [[nodiscard]] int reading_fd() const { return reading_.get(); }
  [[nodiscard]] int writing_fd() const { return writing_.get(); }

 private:
  std::atomic<bool> begun_ = false;
  base::UniqueFd reading_;  // eventfd
  base::UniqueFd writing_;  // timerfd
};

/// A server's end of one connection. Its requests are read one behind the other from one buffer, so what a
/// peer sends ahead (pipelining) is not lost. For one thread. Waits end with `stopping` (borrowed), however
/// slow or busy the peer is.
class Peer {
 public:
  struct Patience {
    std::chrono::seconds idle;     ///< for the next request
    std::chrono::seconds silence;  ///< within a request
  };
  Peer(base::UniqueFd socket, Patience patience, const Stopping& stopping);

  static constexpr std::size_t kLongestHead = std::size_t{4} * 1024 * 1024;

  /// The next request from its first line to its empty line, which read() will read again. Empty: none comes.
  /// Without an empty line at its end: it is longer than kLongestHead.
  std::string next_head();

  /// At most `size` bytes of what comes; 0: the peer has ended, -1: it is silent for too long, or stopping.
  ssize_t read(char* bytes, std::size_t size);
  /// The start of `bytes`, at least one; -1: the peer has left, has not read for 30 seconds, or stopping.
  ssize_t write(const char* bytes, std::size_t size);

  /// Whether read() would not block.
  [[nodiscard]] bool is_readable() const;
  /// Blocks until write() would not; false: as its -1.
  [[nodiscard]] bool wait_until_writable() const;
  /// Whether the peer is connected; false also when stopping.
  [[nodiscard]] bool is_there() const;
  [[nodiscard]] int socket() const { return socket_.get(); }

  /// No more answers; reads and drops for a second at most what the peer still sends: closed with unread
  /// bytes the connection would be reset, and the last answer lost.
  void see_off();

 private:
  bool is_ready(short events, int stop_fd, base::Deadline limit) const;
  ssize_t receive(char* bytes, std::size_t size, base::Deadline limit);
  ssize_t receive_more(std::chrono::seconds patience);

  base::UniqueFd socket_;
  Patience patience_;
  const Stopping& stopping_;
  std::string received_;
  std::size_t taken_ = 0;  // of received_
};

}  // namespace emulator
