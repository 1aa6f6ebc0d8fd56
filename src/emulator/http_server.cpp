// SPDX-License-Identifier: Apache-2.0
#include "emulator/http_server.h"

#include "base/text.h"
#include "emulator/crew.h"

#include <httplib.h>

#include <limits>
#include <thread>

namespace emulator {
namespace {

constexpr auto kLoopback = "127.0.0.1";
// How long a client may not read on.
constexpr time_t kWriteSilence = 30;
/// httplib's own choice is SO_REUSEPORT: a second server would take the port without a word and share its
/// connections.
void share_no_port(socket_t socket) {
  const int yes = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
}

/// httplib's own pool counts a thread as idle until it has taken its task: of connections that come at the
/// same moment one may wait until another one is closed.
class Connections : public httplib::TaskQueue {
 public:
  explicit Connections(std::size_t most) : crew_(most) {}
  bool enqueue(std::function<void()> task) override { return crew_.run(std::move(task)); }
  void shutdown() override { crew_.finish(); }

 private:
  Crew crew_;
};

/// What the library reads a request from. It remembers the head byte for byte: the library shows header
/// values percent-decoded and forgets their order.
class HeadStream final : public httplib::Stream {
 public:
  explicit HeadStream(httplib::Stream& inner) : inner_(inner) {}

  [[nodiscard]] const std::string& head() const { return head_; }

  ssize_t read(char* buffer, size_t size) override {
    const ssize_t got = inner_.read(buffer, size);
    if (!complete_ && got > 0) head_.append(buffer, static_cast<std::size_t>(got));
    complete_ = complete_ || head_.ends_with(kBlankLine);
    return got;
  }
  ssize_t write(const char* bytes, size_t size) override { return inner_.write(bytes, size); }
  bool is_readable() const override { return inner_.is_readable(); }
  bool wait_readable() const override { return inner_.wait_readable(); }
  bool wait_writable() const override { return inner_.wait_writable(); }
  bool is_peer_alive() const override { return inner_.is_peer_alive(); }
  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    inner_.get_remote_ip_and_port(ip, port);
  }
  void get_local_ip_and_port(std::string& ip, int& port) const override {
    inner_.get_local_ip_and_port(ip, port);
  }
  socket_t socket() const override { return inner_.socket(); }
  time_t duration() const override { return inner_.duration(); }

 private:
  static constexpr std::string_view kBlankLine = "\r\n\r\n";

  httplib::Stream& inner_;
  std::string head_;
  bool complete_ = false;
};

/// No header can have this name; what is kept under it is the head as it came.
constexpr auto kRawHead = ":head";

class LibraryServer final : public httplib::Server {
 private:
  /// The library's own seam, made for TLS; as its original, but for the stream.
  bool process_and_close_socket(socket_t socket) override {
    const bool served = httplib::detail::process_server_socket(
        svr_sock_, socket, keep_alive_max_count_, keep_alive_timeout_sec_, read_timeout_sec_,
        read_timeout_usec_, write_timeout_sec_, write_timeout_usec_,
        [&](httplib::Stream& stream, bool close_connection, bool& connection_closed) {
          HeadStream kept(stream);
          return process_request(kept, "", 0, "", 0, close_connection, connection_closed,
                                 [&](auto& request) { request.headers.emplace(kRawHead, kept.head()); });
        });
    httplib::detail::shutdown_socket(socket);
    httplib::detail::close_socket(socket);
    return served;
  }
};

std::vector<HttpHeader> headers_in(std::string_view head) {
  std::vector<HttpHeader> headers;
  for (const auto line : base::split(head.substr(head.find('\n') + 1), '\n')) {
    const auto colon = line.find(':');
    if (colon == line.npos) continue;
    headers.push_back({std::string(line.substr(0, colon)), std::string(base::trim(line.substr(colon + 1)))});
  }
  return headers;
}

HttpRequest request_from(const httplib::Request& source) {
  HttpRequest request;
  request.method = source.method;
  request.path = source.path;
  request.target = source.target;
  const auto head = source.headers.find(kRawHead);
  if (head != source.headers.end()) request.headers = headers_in(head->second);
  request.peer_is_there = [&source] { return !source.is_connection_closed(); };
  return request;
}

/// httplib would parse a multipart body, refuse a compressed one, and cut ranges out of answers; here a body
/// is bytes, and ranges are the function's business.
void hide_formats(const httplib::Request& source) {
  auto& request = const_cast<httplib::Request&>(source);  // httplib's own object is not const
  request.headers.erase("Content-Type");
  request.headers.erase("Content-Encoding");
  request.ranges.clear();
}

void read_body(HttpRequest& request, const httplib::ContentReader& reader, std::size_t kept) {
  request.complete = reader([&](const char* bytes, std::size_t size) {
    request.body.append(bytes, std::min(size, kept - std::min(kept, request.body.size())));
    request.body_size += size;
    return true;
  });
}

BodyEnd read_pieces(const httplib::Request& source, const httplib::ContentReader& reader,
                    const TakePiece& take) {
  BodyEnd end;
  end.complete = reader([&](const char* bytes, std::size_t size) { return take({bytes, size}); });
  for (const auto& [name, value] : source.trailers) end.trailers.push_back({name, value});
  return end;
}

void write_pieces(HttpResponse response, httplib::Response& target) {
  auto provider = [write_all = std::move(response.write_pieces)](std::size_t, httplib::DataSink& sink) {
    const bool whole = write_all(
        [&](std::string_view piece) { return piece.empty() || sink.write(piece.data(), piece.size()); });
    if (whole) sink.done();
    return whole;
  };
  target.set_chunked_content_provider(response.content_type, std::move(provider));
}

void write_response(HttpResponse response, httplib::Response& target) {
  target.status = response.status;
  for (const auto& header : response.headers) target.set_header(header.name, header.value);
  if (response.write_pieces)
    write_pieces(std::move(response), target);
  else
    target.set_content(std::move(response.body), response.content_type);
}

}  // namespace

std::string HttpRequest::header(std::string_view name) const {
  for (const auto& header : headers)
    if (base::equal_ignoring_case(header.name, name)) return header.value;
  return "";
}

class HttpServer::Engine {
 public:
  Engine(HttpHandler handler, const ServerOptions& options)
      : handler_(std::move(handler)), options_(options) {
    configure();
    route();
  }
  ~Engine() { stop(); }

  bool start() {
    port_ = options_.port == 0 ? server_.bind_to_any_port(kLoopback) : bind(options_.port);
    if (port_ <= 0) return false;
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    server_.wait_until_ready();
    return true;
  }

  void stop() {
    if (!thread_.joinable()) return;
    server_.stop();
    thread_.join();
  }

  [[nodiscard]] int port() const { return port_; }

 private:
  int bind(int port) { return server_.bind_to_port(kLoopback, port) ? port : 0; }

  void configure() {
    server_.set_socket_options(&share_no_port);
    server_.set_tcp_nodelay(true);  // header and body leave in two packets
    server_.set_keep_alive_max_count(std::numeric_limits<std::size_t>::max());
    server_.set_keep_alive_timeout(options_.idle_time.count());
    server_.set_read_timeout(options_.silence.count());
    server_.set_write_timeout(kWriteSilence);
    server_.set_payload_max_length(std::numeric_limits<std::size_t>::max());  // read_body has the limit
    server_.new_task_queue = [most = options_.most_connections] { return new Connections(most); };
  }

  void route() {
    server_.set_pre_routing_handler([this](const auto& request, auto& response) {
      if (httplib::detail::expect_content(request)) return httplib::Server::HandlerResponse::Unhandled;
      hide_formats(request);
      write_response(handler_(request_from(request)), response);
      return httplib::Server::HandlerResponse::Handled;
    });
    const auto with_body = [this](const auto& request, auto& response, const httplib::ContentReader& reader) {
      auto received = request_from(request);
      hide_formats(request);
      if (options_.reads_pieces && options_.reads_pieces(received))
        received.read_pieces = [&](const TakePiece& take) { return read_pieces(request, reader, take); };
      else
        read_body(received, reader, options_.kept_body);
      write_response(handler_(received), response);
    };
    server_.Post(".*", with_body).Put(".*", with_body).Patch(".*", with_body).Delete(".*", with_body);
  }

  HttpHandler handler_;
  const ServerOptions options_;
  LibraryServer server_;
  std::thread thread_;
  int port_ = 0;
};

HttpServer::HttpServer(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
HttpServer::HttpServer(HttpServer&& other) noexcept = default;
HttpServer& HttpServer::operator=(HttpServer&& other) noexcept = default;
HttpServer::~HttpServer() = default;

base::Result<HttpServer> HttpServer::start(HttpHandler handler, const ServerOptions& options) {
  auto engine = std::make_unique<Engine>(std::move(handler), options);
  if (!engine->start()) {
    const auto port = options.port == 0 ? std::string("any port") : "port " + std::to_string(options.port);
    return base::Error{"cannot listen on " + port + " of 127.0.0.1: is it in use?", 0};
  }
  return HttpServer(std::move(engine));
}

int HttpServer::port() const {
  return engine_->port();
}

std::string HttpServer::address() const {
  return std::string(kLoopback) + ":" + std::to_string(port());
}

void HttpServer::stop() {
  engine_->stop();
}

}  // namespace emulator
