// SPDX-License-Identifier: Apache-2.0
#include "api/http_connection.h"

#include "api/response_head.h"
#include "api/socket_io.h"

#include <httplib.h>

#include <algorithm>
#include <exception>
#include <limits>

namespace api {
namespace {

// The API is on this machine or on a link of it; whoever does not accept within this time is not there.
constexpr std::chrono::seconds kConnectLimit{5};

// Answers go out in pieces of this size; big enough that the system call does not matter.
constexpr std::size_t kPieceSize = std::size_t{64} * 1024;

// What the library reads from and writes to. Its own stream bounds single reads and writes, not the exchange,
// and shows header values only decoded.
class Stream final : public httplib::Stream {
 public:
  Stream(SocketIo& io, ResponseHead& head, int fd) : io_(io), head_(head), fd_(fd) {}

  ssize_t read(char* buffer, size_t size) override {
    if (head_.complete()) return io_.receive(buffer, size);
    const ssize_t got = io_.receive(buffer, 1);
    if (got <= 0) return got;
    const auto shown = head_.take(*buffer);
    if (!shown) return -1;
    *buffer = *shown;
    return got;
  }
  ssize_t write(const char* bytes, size_t size) override {
    return io_.send({bytes, size}) ? static_cast<ssize_t>(size) : -1;
  }

  // send() and receive() wait by themselves; asking before costs two system calls a piece.
  bool is_readable() const override { return true; }
  bool wait_readable() const override { return true; }
  bool wait_writable() const override { return true; }
  bool is_peer_alive() const override { return true; }

  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return fd_; }
  time_t duration() const override { return 0; }

 private:
  SocketIo& io_;
  ResponseHead& head_;
  int fd_;
};

}  // namespace

class HttpConnection::Client final : public httplib::ClientImpl {
 public:
  Client(const Endpoint& endpoint, std::string user_agent)
      : httplib::ClientImpl(endpoint.host, endpoint.port),
        piece_(std::make_unique_for_overwrite<char[]>(kPieceSize)) {
    set_default_headers({{"User-Agent", std::move(user_agent)}});
    set_connection_timeout(kConnectLimit);
    set_keep_alive(true);
    set_tcp_nodelay(true);
    set_path_encode(false);
    set_follow_location(false);
    set_decompress(false);
    set_payload_max_length(std::numeric_limits<std::size_t>::max());
  }

  HttpAnswer exchange(const HttpRequest& request);

 private:
  // The seam of the library, made for its own TLS client.
  bool process_socket(const Socket& connected, std::chrono::time_point<std::chrono::steady_clock>,
                      std::function<bool(httplib::Stream&)> talk) override {
    io_.begin(connected.sock, limit_, hurry_);
    Stream stream(io_, head_, connected.sock);
    return talk(stream);
  }

  httplib::Request prepared(const HttpRequest& request);
  bool write_piece(const HttpRequest& request, std::size_t offset, std::size_t left, httplib::DataSink& sink);
  std::string failure_in_words(httplib::Error error) const;

  SocketIo io_;
  ResponseHead head_;
  base::Deadline limit_ = base::Deadline::never();
  Hurry hurry_;
  std::unique_ptr<char[]> piece_;  // pages that no answer needed are never touched
};

httplib::Request HttpConnection::Client::prepared(const HttpRequest& request) {
  httplib::Request prepared;
  prepared.method = request.method;
  prepared.path = request.path;
  for (const auto& header : request.headers) prepared.headers.emplace(header.name, header.value);
  prepared.content_length_ = request.length;
  if (request.body) {
    prepared.content_provider_ = [this, &request](std::size_t offset, std::size_t left,
                                                  httplib::DataSink& sink) {
      return write_piece(request, offset, left, sink);
    };
  }
  prepared.content_receiver = [this, &request](const char* bytes, std::size_t size, std::size_t,
                                               std::size_t) {
    return request.receiver(head_.status(), {bytes, size});
  };
  return prepared;
}

bool HttpConnection::Client::write_piece(const HttpRequest& request, std::size_t offset, std::size_t left,
                                         httplib::DataSink& sink) {
  const auto got = request.body(offset, {piece_.get(), std::min(left, kPieceSize)});
  return got && *got > 0 && sink.write(piece_.get(), *got);
}

std::string HttpConnection::Client::failure_in_words(httplib::Error error) const {
  const auto peer = host_ + ", port " + std::to_string(port_);
  if (error == httplib::Error::Connection) return "cannot connect to " + peer;
  if (error == httplib::Error::ConnectionTimeout) return "cannot connect within 5 s to " + peer;
  if (!io_.failure().empty()) return io_.failure();
  return error == httplib::Error::Read ? "this is no HTTP" : "HTTP failure: " + httplib::to_string(error);
}

HttpAnswer HttpConnection::Client::exchange(const HttpRequest& request) {
  if (socket_.is_open() && !SocketIo::is_clean(socket())) stop();
  head_.clear();
  limit_ = request.limit;
  hurry_ = request.hurry;
  HttpAnswer answer;
  try {
    auto outgoing = prepared(request);
    httplib::Response unused;
    auto error = httplib::Error::Success;
    answer.complete = send(outgoing, unused, error);
    if (!answer.complete) answer.failure = failure_in_words(error);
  } catch (const std::exception& thrown) {
    answer.failure = thrown.what();
  }
  answer.hurried = io_.hurried();
  if (!head_.complete()) return answer;
  answer.status = head_.status();
  answer.headers = head_.headers();
  return answer;
}

HttpConnection::HttpConnection(const Endpoint& endpoint, std::string user_agent)
    : client_(std::make_unique<Client>(endpoint, std::move(user_agent))) {}

HttpConnection::~HttpConnection() = default;

HttpAnswer HttpConnection::exchange(const HttpRequest& request) {
  return client_->exchange(request);
}

}  // namespace api
