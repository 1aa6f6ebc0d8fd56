// SPDX-License-Identifier: Apache-2.0
#include "emulator/http/http_server.h"

#include "base/text/text.h"
#include "emulator/http/crew.h"
#include "emulator/http/http_head.h"
#include "emulator/http/peer.h"

#include <httplib.h>

#include <atomic>
#include <limits>
#include <optional>
#include <thread>

#include <nlohmann/json.hpp>

namespace emulator {
namespace {

constexpr auto kLoopback = "127.0.0.1";
// How long answers may still be written once the server is being stopped.
constexpr auto kGrace = std::chrono::milliseconds(300);
constexpr int kResetContent = 205;
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

/// The library's view of a peer, for one request.
class PeerStream final : public httplib::Stream {
 public:
  explicit PeerStream(Peer& peer) : peer_(peer) {}

  /// Whether the answer's head has told the client that the connection ends.
  [[nodiscard]] bool said_close() const { return said_close_; }

  ssize_t read(char* buffer, size_t size) override { return peer_.read(buffer, size); }
  ssize_t write(const char* bytes, size_t size) override {
    note({bytes, size});
    return peer_.write(bytes, size);
  }
  bool is_readable() const override { return peer_.is_readable(); }
  bool wait_readable() const override { return true; }  // read() waits
  bool wait_writable() const override { return peer_.wait_until_writable(); }
  bool is_peer_alive() const override { return peer_.is_there(); }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return peer_.socket(); }
  time_t duration() const override { return 0; }

 private:
  /// The library writes a head in one piece, an interim one by its lines.
  void note(std::string_view bytes) {
    if (head_is_out_ || !bytes.starts_with("HTTP/1.1 ") || bytes.starts_with("HTTP/1.1 100 ")) return;
    head_is_out_ = true;
    said_close_ = bytes.substr(0, bytes.find("\r\n\r\n") + 2).find("\r\nConnection: close\r\n") != bytes.npos;
  }

  Peer& peer_;
  bool head_is_out_ = false;
  bool said_close_ = false;
};

/// No header can have this name; what is kept under it is the head as it came: the library shows header
/// values percent-decoded and forgets their order.
constexpr auto kRawHead = ":head";
constexpr auto kRanges = "Accept-Ranges";

std::string refusal_text(const HttpResponse& response, bool with_body) {
  std::string text = "HTTP/1.1 " + std::to_string(response.status) + " ";
  text.append(httplib::status_message(response.status)).append("\r\n");
  for (const auto& [name, value] : response.headers) text.append(name + ": " + value + "\r\n");
  text.append("Content-Type: ").append(response.content_type);
  text.append("\r\nContent-Length: ").append(std::to_string(response.body.size()));
  return text + "\r\nConnection: close\r\n\r\n" + (with_body ? response.body : "");
}

void write_all(Peer& peer, std::string_view text) {
  while (!text.empty()) {
    const auto written = peer.write(text.data(), text.size());
    if (written < 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

class LibraryServer final : public httplib::Server {
 public:
  /// What is answered instead of serving a request with this head; nullopt: it is served.
  using Guard = std::function<std::optional<HttpResponse>(std::string_view text, const HttpRequest& head)>;

  LibraryServer(Guard guard, Peer::Patience patience, const Stopping& stopping)
      : guard_(std::move(guard)), patience_(patience), stopping_(stopping) {}

 private:
  /// The library's own seam, made for TLS. Its original gives each request a buffer of its own, in which
  /// requests that were sent ahead are lost, and sees a stop only between two requests.
  bool process_and_close_socket(socket_t socket) override {
    Peer peer(base::UniqueFd(socket), patience_, stopping_);
    for (auto head = peer.next_head(); !head.empty(); head = peer.next_head()) {
      if (serve(peer, head)) continue;
      peer.see_off();
      break;
    }
    return true;
  }

  /// False: the connection is not used again.
  bool serve(Peer& peer, const std::string& head) {
    const auto parsed = parse_head(head);
    if (const auto refusal = guard_(head, parsed)) {
      write_all(peer, refusal_text(*refusal, parsed.method != "HEAD"));
      return false;
    }
    PeerStream stream(peer);
    bool closed = false;
    const bool served = process_request(stream, "", 0, "", 0, false, closed, [&](httplib::Request& request) {
      request.headers.emplace(kRawHead, head);
      // The library would take everything up to the end of the connection for the body.
      if (!request.has_header("Content-Length") && !request.has_header("Transfer-Encoding"))
        request.headers.emplace("Content-Length", "0");
    });
    return served && !closed && !stream.said_close();
  }

  const Guard guard_;
  const Peer::Patience patience_;
  const Stopping& stopping_;
};

HttpRequest request_from(const httplib::Request& source, const Stopping& stopping) {
  const auto head = source.headers.find(kRawHead);
  HttpRequest request = parse_head(head != source.headers.end() ? head->second : "");
  request.path = source.path;
  request.target = source.target;
  request.peer_is_there = [&source, &stopping] {
    return !stopping.begun() && !source.is_connection_closed();
  };
  return request;
}

HttpResponse plain_refusal(const NotAdmitted& reason) {
  const nlohmann::json body = {{"message", reason.why}};
  return {reason.status, {}, body.dump()};
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

bool is_one_line(const HttpHeader& header) {
  return httplib::detail::fields::is_field_name(header.name) &&
         httplib::detail::fields::is_field_value(header.value);
}

/// The library hands out headers of one name in an order of its own (a hash table's). As it writes a value as
/// it stands, such lines are one entry. It also adds Accept-Ranges to answers to HEAD that have none; an
/// empty one keeps it from that.
void write_headers(const std::vector<HttpHeader>& headers, httplib::Response& target) {
  for (const auto& header : headers) {
    if (!is_one_line(header)) continue;
    const auto same = target.headers.find(header.name);
    if (same == target.headers.end())
      target.headers.emplace(header.name, header.value);
    else
      same->second.append("\r\n" + header.name + ": " + header.value);
  }
  if (!target.has_header(kRanges)) target.headers.emplace(kRanges, "");
}

void write_response(HttpResponse response, httplib::Response& target) {
  target.status = response.status;
  write_headers(response.headers, target);
  if (!has_body(response.status) || (response.content_type.empty() && response.body.empty())) return;
  if (response.write_pieces)
    write_pieces(std::move(response), target);
  else
    target.set_content(std::move(response.body), response.content_type);
}

/// The library gives whatever has no body a length of 0, which says something else: to HEAD, that the body is
/// empty; with 204 there may be none (RFC 9110, 8.6). Of its Keep-Alive only the time is true.
void correct_head(const httplib::Request& request, httplib::Response& response, std::chrono::seconds idle) {
  const bool empty = response.body.empty() && !response.content_provider_;
  if (empty && (request.method == "HEAD" || (!has_body(response.status) && response.status != kResetContent)))
    response.headers.erase("Content-Length");
  if (response.get_header_value(kRanges).empty()) response.headers.erase(kRanges);
  const auto kept = response.headers.find("Keep-Alive");
  if (kept != response.headers.end()) kept->second = "timeout=" + std::to_string(idle.count());
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
      : handler_(std::move(handler)),
        options_(options),
        server_([this](auto text, const auto& head) { return refusal(text, head); },
                {options.idle_time, options.silence}, stopping_) {
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

  void cancel() { stopping_.begin(cancelled_.exchange(true) ? std::chrono::milliseconds(0) : kGrace); }

  void stop() {
    if (!thread_.joinable()) return;
    if (!stopping_.begun()) stopping_.begin(kGrace);  // no call of cancel(): the next one is the first
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
    server_.set_payload_max_length(std::numeric_limits<std::size_t>::max());  // read_body has the limit
    server_.new_task_queue = [most = options_.most_connections] { return new Connections(most); };
  }

  std::optional<HttpResponse> refusal(std::string_view text, const HttpRequest& head) const {
    auto reason = framing_fault(text, head);
    if (!reason) reason = why_not_admitted(head, options_.admission);
    if (!reason) return std::nullopt;
    if (options_.log != nullptr) options_.log->warn("a request was refused: " + reason->why);
    return options_.refused ? options_.refused(*reason) : plain_refusal(*reason);
  }

  void route() {
    server_.set_post_routing_handler([idle = options_.idle_time](const auto& request, auto& response) {
      correct_head(request, response, idle);
    });
    server_.set_pre_routing_handler([this](const auto& request, auto& response) {
      if (httplib::detail::expect_content(request)) return httplib::Server::HandlerResponse::Unhandled;
      hide_formats(request);
      write_response(handler_(request_from(request, stopping_)), response);
      return httplib::Server::HandlerResponse::Handled;
    });
    const auto with_body = [this](const auto& request, auto& response, const httplib::ContentReader& reader) {
      auto received = request_from(request, stopping_);
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
  Stopping stopping_;
  std::atomic<bool> cancelled_ = false;
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

void HttpServer::cancel() {
  engine_->cancel();
}

void HttpServer::stop() {
  engine_->stop();
}

}  // namespace emulator
