// SPDX-License-Identifier: Apache-2.0
#include "api/connection/http_connection.h"

#include "api/connection/connecting.h"
#include "api/connection/receive_head.h"
#include "api/connection/response_head.h"
#include "api/connection/socket_io.h"

#include <httplib.h>

#include <algorithm>
#include <exception>
#include <limits>
#include <locale>
#include <optional>

namespace api {
namespace {

// The API is on this machine or on a link of it; whoever does not accept within this time is not there.
constexpr std::chrono::seconds kConnectLimit{5};

static_assert(ResponseHead::kMostHeaders <= CPPHTTPLIB_HEADER_MAX_COUNT &&
                  ResponseHead::kLongestLine <= CPPHTTPLIB_HEADER_MAX_LENGTH &&
                  ResponseHead::kLongestLine <= CPPHTTPLIB_MAX_LINE_LENGTH,
              "the library refuses no head for its size that we have taken: it could not say why");

// Answers go out in pieces of this size; big enough that the system call does not matter.
constexpr std::size_t kPieceSize = std::size_t{64} * 1024;

// What the library reads from and writes to. Its own stream bounds single reads and writes, not the exchange,
// and shows header values only decoded.
class Stream final : public httplib::Stream {
 public:
  Stream(SocketIo& io, ResponseHead& head, int fd) : io_(io), head_(head), fd_(fd) {}

  ssize_t read(char* buffer, size_t size) override {
    if (!head_.complete() && !receive_head(io_, head_)) return -1;
    const std::size_t shown = head_.show(buffer, size);
    return shown > 0 ? static_cast<ssize_t>(shown) : io_.receive(buffer, size);
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

// The C++ library fills the table of its characters on first use and without a lock, and each thread compiles
// the regular expressions of cpp-httplib for itself. Filled before, the table is only read.
void fill_character_table() {
  static const bool once = [] {
    const auto& characters = std::use_facet<std::ctype<char>>(std::locale());
    static_cast<void>(characters.widen(' '));
    for (int character = 0; character < 256; ++character)
      static_cast<void>(characters.narrow(static_cast<char>(character), '\0'));
    return true;
  }();
  static_cast<void>(once);
}

}  // namespace

class HttpConnection::Client final : public httplib::ClientImpl {
 public:
  Client(const Endpoint& endpoint, std::string user_agent)
      : httplib::ClientImpl(endpoint.host, endpoint.port),
        endpoint_(endpoint),
        piece_(std::make_unique_for_overwrite<char[]>(kPieceSize)) {
    set_default_headers({{"User-Agent", std::move(user_agent)}});
    set_keep_alive(true);
    set_path_encode(false);
    set_follow_location(false);
    set_decompress(false);
    set_payload_max_length(std::numeric_limits<std::size_t>::max());
  }

  HttpAnswer exchange(const HttpRequest& request);

 private:
  // The seams of the library, made for its own TLS client.
  bool create_and_connect_socket(Socket& socket, httplib::Error& error) override;
  bool process_socket(const Socket& connected, std::chrono::time_point<std::chrono::steady_clock>,
                      std::function<bool(httplib::Stream&)> talk) override {
    io_.begin(connected.sock, allowance_);
    Stream stream(io_, head_, connected.sock);
    return talk(stream);
  }

  httplib::Request prepared(const HttpRequest& request);
  bool write_piece(const HttpRequest& request, std::size_t offset, std::size_t left, httplib::DataSink& sink);
  std::optional<std::string> talk(const HttpRequest& request);
  std::string failure_in_words(httplib::Error error) const;
  HttpAnswer::Stage stage_of_failure() const;

  Endpoint endpoint_;
  Allowance allowance_{base::Deadline::never()};
  std::string connect_failure_;
  SocketIo io_;
  ResponseHead head_;
  std::unique_ptr<char[]> piece_;  // pages that no answer needed are never touched
};

bool HttpConnection::Client::create_and_connect_socket(Socket& socket, httplib::Error& error) {
  auto connecting = allowance_.at_most(kConnectLimit);
  auto fd = connect_to(endpoint_, connecting);
  if (fd) return socket.sock = fd->release(), true;
  connect_failure_ = fd.error().message;
  allowance_.used_up();  // a hurry may be why
  error = httplib::Error::Connection;
  return false;
}

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
  if (error == httplib::Error::Connection) return connect_failure_;
  if (auto failure = failure_of(io_, head_); !failure.empty()) return failure;
  if (error == httplib::Error::Read) return "its headers or its chunks are no HTTP";
  return "HTTP failure: " + httplib::to_string(error);
}

HttpAnswer::Stage HttpConnection::Client::stage_of_failure() const {
  if (head_.complete()) return HttpAnswer::Stage::head;
  if (head_.status() != 0) return HttpAnswer::Stage::status;
  return head_.begun() ? HttpAnswer::Stage::bytes : HttpAnswer::Stage::nothing;
}

// Why the exchange is not whole; nothing where it is.
std::optional<std::string> HttpConnection::Client::talk(const HttpRequest& request) try {
  auto outgoing = prepared(request);
  httplib::Response unused;
  auto error = httplib::Error::Success;
  if (!send(outgoing, unused, error)) return failure_in_words(error);
  if (io_.sent()) return std::nullopt;
  stop();  // or the peer would take the next request for the rest of this one
  return io_.failure();
} catch (const std::exception& thrown) {
  return thrown.what();
}

HttpAnswer HttpConnection::Client::exchange(const HttpRequest& request) {
  if (socket_.is_open() && !SocketIo::is_clean(socket())) stop();
  head_.clear();
  allowance_ = Allowance(request.limit, request.hurry);
  const auto failure = talk(request);
  HttpAnswer answer;
  answer.stage = failure ? stage_of_failure() : HttpAnswer::Stage::whole;
  answer.status = head_.status();
  if (head_.complete()) answer.headers = head_.headers();
  answer.failure = failure.value_or("");
  answer.hurried = allowance_.hurried();
  return answer;
}

HttpConnection::HttpConnection(const Endpoint& endpoint, std::string user_agent)
    : client_(std::make_unique<Client>(endpoint, std::move(user_agent))) {
  fill_character_table();
}

HttpConnection::~HttpConnection() = default;

HttpAnswer HttpConnection::exchange(const HttpRequest& request) {
  return client_->exchange(request);
}

}  // namespace api
