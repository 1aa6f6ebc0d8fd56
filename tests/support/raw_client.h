// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/unique_fd.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace support {

/// One connection to a server on 127.0.0.1 that shows what comes, when it comes. Every wait is limited to 20
/// seconds.
class RawClient {
 public:
  /// `receive_buffer`: how many bytes may wait to be read; 0: what the kernel grants.
  explicit RawClient(int port, int receive_buffer = 0);

  bool send(std::string_view bytes);
  /// GET `path`, without keep-alive.
  bool get(std::string_view path);

  /// Reads `most` bytes at most, without keeping them; false: the connection has ended.
  bool read_some(std::size_t most);
  /// Reads until `part` has come; false: the connection ended before.
  bool read_until(std::string_view part);
  /// Reads until the connection ends.
  const std::string& read_all();
  /// What has been read.
  [[nodiscard]] const std::string& text() const { return text_; }

  void leave() { socket_.reset(); }

 private:
  base::UniqueFd socket_;
  std::string text_;
};

}  // namespace support
