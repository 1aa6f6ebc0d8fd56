// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/unique_fd.h"

#include <optional>
#include <string>
#include <string_view>

namespace support {

struct HttpAnswer {
  int status = 0;
  std::string head;  ///< status line and headers
  std::string body;
};

/// One keep-alive connection to a server on 127.0.0.1 that speaks just enough HTTP/1.1 for tests, and sends
/// what it is told, however wrong. Every wait is limited to 20 seconds.
class HttpConnection {
 public:
  explicit HttpConnection(int port);

  /// Sends a request and waits for its answer. `headers` are whole lines, each with CR LF.
  std::optional<HttpAnswer> exchange(std::string_view method, std::string_view path,
                                     std::string_view body = {}, std::string_view headers = {});

  bool send(std::string_view bytes);
  /// nullopt: the server closed, or sent nothing complete.
  std::optional<HttpAnswer> receive();

  /// No more requests; answers can still come.
  void finish_sending();
  void close() { socket_.reset(); }
  [[nodiscard]] bool connected() const { return socket_.valid(); }

 private:
  bool fill();

  base::UniqueFd socket_;
  std::string buffer_;
};

}  // namespace support
