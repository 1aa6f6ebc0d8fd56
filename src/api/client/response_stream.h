// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/connection/allowance.h"
#include "api/connection/endpoint.h"
#include "api/connection/response_head.h"
#include "api/connection/socket_io.h"
#include "api/wire/function_error.h"
#include "api/wire/invocation.h"
#include "api/wire/posted.h"
#include "base/deadline.h"
#include "base/io/unique_fd.h"
#include "base/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace api {

/// Largest streamed answer, headers and framing not counted: 200 MiB, as the service documents.
std::size_t largest_streamed_response();

/// Content type of a streamed HTTP answer: status and headers as a prelude, then the body.
std::string_view streamed_http_type();

/// One answer on its way to the Runtime API while it is being produced: a chunked POST on a connection of its
/// own, which ends with it, as the service asks for. Nothing is posted twice: once it has begun, an error
/// goes as trailers behind what was sent, and one that broke is over. Move only; not synchronised.
class ResponseStream {
 public:
  struct Target {
    Endpoint endpoint;
    std::string path;
    std::vector<ContextHeader> headers;  ///< beside those of every stream
    Hurry hurry{};                       ///< for open() and finish()
  };
  /// Connects, which takes no time where the API is on this machine, and 5 s at most. The head leaves with
  /// the first bytes.
  static base::Result<ResponseStream> open(Target target);

  /// Takes everything and sends what the socket takes without blocking; the rest waits in memory, so ask
  /// busy() first. False: broken.
  bool write(std::string_view bytes);

  /// Bytes wait for the socket.
  [[nodiscard]] bool busy() const { return sent_ < unsent_.size(); }

  /// To be polled: readable when the API answers early or has left, writable when a busy stream can go on.
  [[nodiscard]] int fd() const { return fd_.get(); }

  /// Sends what waits, as far as it goes without blocking. False: broken.
  bool proceed();

  /// The API does not listen any more: it has left, or answered before the end (interim answers, 1xx, are no
  /// answer). finish() says what.
  [[nodiscard]] bool broken() const { return broken_; }

  /// Ends the answer, successfully or with `error` in the trailers, and waits for the receipt until `limit`,
  /// with grace. Of a broken stream it waits for the status that came with the break, a second at most.
  Posted finish(const FunctionError* error, base::Deadline limit);

 private:
  explicit ResponseStream(base::UniqueFd fd, const Target& target);
  bool flush();
  bool peer_listens();
  Posted receive_answer(SocketIo& io);

  base::UniqueFd fd_;
  Hurry hurry_;
  std::string unsent_;
  std::size_t sent_ = 0;  // of unsent_
  ResponseHead head_;     // of the answer, as far as it came before the end
  bool broken_ = false;
  std::string failure_;
};

}  // namespace api
