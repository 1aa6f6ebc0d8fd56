// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/connection/allowance.h"
#include "api/connection/endpoint.h"
#include "api/wire/invocation.h"
#include "base/deadline.h"
#include "base/result.h"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace api {

struct HttpRequest {
  std::string method;
  std::string path;
  std::vector<ContextHeader> headers;  ///< beside those that every request has
  std::size_t length = 0;              ///< of the body
  /// Bytes of the body from an offset, as base::Spool::read_at. Called in order until `length` is reached.
  std::function<base::Result<std::size_t>(std::size_t offset, std::span<char> buffer)> body;
  /// Takes the answer's body piece by piece, after its status is known; false gives up.
  std::function<bool(int status, std::string_view piece)> receiver;
  base::Deadline limit = base::Deadline::never();  ///< for connecting, sending and the whole answer
  Hurry hurry{};
};

/// How far an exchange came.
struct HttpAnswer {
  enum class Stage {
    nothing,  ///< not a byte of an answer; perhaps not even a connection
    bytes,    ///< some that are no status, or the start of one
    status,   ///< it counts: what was sent has been judged
    head,
    whole,  ///< the request was sent and the answer received to its end
  };
  Stage stage = Stage::nothing;
  int status = 0;                      ///< 0 before that stage
  std::vector<ContextHeader> headers;  ///< byte for byte, in their order; empty before the stage of the head
  std::string failure;                 ///< what went wrong where it is not whole
  bool hurried = false;                ///< the hurry had set in
};

/// One HTTP/1.1 keep-alive connection, opened when first needed and again whenever the peer has closed it
/// between two requests. Sends every request at most once. No proxies, no redirects, no compression, no path
/// re-encoding. Hides the HTTP library, whose header takes 12 s to compile. Not synchronised.
class HttpConnection {
 public:
  HttpConnection(const Endpoint& endpoint, std::string user_agent);
  ~HttpConnection();

  HttpAnswer exchange(const HttpRequest& request);

 private:
  class Client;
  std::unique_ptr<Client> client_;
};

}  // namespace api
