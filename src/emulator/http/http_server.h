// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/log/logger.h"
#include "base/result.h"
#include "emulator/http/admission.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace emulator {

struct HttpHeader {
  std::string name;
  std::string value;
};

/// How a body that is read piece by piece has ended.
struct BodyEnd {
  bool complete = true;  ///< false: the connection broke, or the receiver did not want the rest
  std::vector<HttpHeader> trailers;
};
using TakePiece = std::function<bool(std::string_view piece)>;

struct HttpRequest {
  std::string method;
  std::string path;     ///< percent-decoded, without the query
  std::string target;   ///< as it came, with the query
  std::string version;  ///< "HTTP/1.1" or "HTTP/1.0"
  std::vector<HttpHeader> headers;
  std::string body;           ///< at most ServerOptions::kept_body bytes of it
  std::size_t body_size = 0;  ///< as sent
  bool complete = true;       ///< false: the connection broke before the end of the body
  /// Instead of the four above, where ServerOptions::reads_pieces says so: blocks until the body has ended.
  /// Once, in the handler. Empty for all other requests.
  std::function<BodyEnd(const TakePiece&)> read_pieces{};
  /// Whether the client is still connected, and the server not being stopped, asked at the moment of the
  /// call. Never empty in a handler.
  std::function<bool()> peer_is_there;

  /// Value of the first header of that name, whatever its case; empty where there is none.
  [[nodiscard]] std::string header(std::string_view name) const;
};

struct HttpResponse {
  int status = 200;  ///< from 200 on. With 204, 205 or 304, and to HEAD, the body below is not sent
  /// Names and values are one line each: the server drops what is not. Those of one name keep their order.
  std::vector<HttpHeader> headers;
  std::string body;
  std::string content_type = "application/json";  ///< empty: none; a body that is sent has one
  /// Writes the body piece by piece instead, after the handler has returned, on the same thread; may block.
  /// Not called where there is no body to write (HEAD), or where the client has left. False: the answer
  /// breaks off, which the client notices.
  std::function<bool(const TakePiece& write)> write_pieces{};
};

/// Answers one request. Called on the server's threads, several at a time, and may block as long as it likes;
/// it must return soon after the owner has made it do so, because stop() waits for it.
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

struct ServerOptions {
  int port = 0;                              ///< 0: any free one
  std::size_t most_connections = 64;         ///< each holds one thread while it is open; further ones wait
  std::size_t kept_body = 64 * 1024 * 1024;  ///< what is sent beyond is counted and thrown away
  /// How long a connection may be idle. A runtime may be busy for hours between two requests, and a new
  /// connection for each would hide keep-alive faults.
  std::chrono::seconds idle_time = std::chrono::hours(30 * 24);
  /// Requests whose bodies their handlers read piece by piece.
  std::function<bool(const HttpRequest& head)> reads_pieces{};
  /// How long a client may say nothing in the middle of a request.
  std::chrono::seconds silence = std::chrono::seconds(30);
  /// Requests that are not admitted are answered without the handler, and without reading their bodies, with
  /// what `refused` makes of the reason (without it: an object with "message"), and logged where there is a
  /// log (borrowed).
  Admission admission{};
  std::function<HttpResponse(const NotAdmitted& reason)> refused{};
  base::Logger* log = nullptr;
};

/// An HTTP/1.1 server on 127.0.0.1, keep-alive without limits, TCP_NODELAY. Serves from start() until stop()
/// or destruction, on threads of its own. The only file with cpp-httplib in this room.
class HttpServer {
 public:
  static base::Result<HttpServer> start(HttpHandler handler, const ServerOptions& options);

  HttpServer(HttpServer&& other) noexcept;
  HttpServer& operator=(HttpServer&& other) noexcept;
  ~HttpServer();

  [[nodiscard]] int port() const;
  /// "127.0.0.1:PORT"
  [[nodiscard]] std::string address() const;

  /// From now on no connection is taken and no request is read on; what clients do not take of their answers
  /// within 300 ms, or at once when this is called again, is dropped. Does not block; any thread may call.
  void cancel();

  /// As cancel(), unless that has been called; closes the port, waits for the handlers that run, and ends the
  /// threads. No client can hold it up.
  void stop();

 private:
  class Engine;
  explicit HttpServer(std::unique_ptr<Engine> engine);

  std::unique_ptr<Engine> engine_;
};

}  // namespace emulator
