// SPDX-License-Identifier: Apache-2.0
#include "api/client/response_stream.h"

#include "api/connection/connecting.h"
#include "api/connection/receive_head.h"
#include "api/wire/refusal.h"
#include "api/wire/wire.h"
#include "base/text/base64.h"
#include "base/text/text.h"
#include "base/version.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>

namespace api {
namespace {

using base::Deadline;

constexpr std::chrono::seconds kConnectLimit{5};
// What came with a break is there, or is on its way over the loopback.
constexpr std::chrono::seconds kLastWords{1};
constexpr std::size_t kLongestRefusal = std::size_t{8} * 1024;
// For a chunk of the child and what was left in its pipe; a bigger one was needed once and is given back.
constexpr std::size_t kUsualBuffer = std::size_t{256} * 1024;

std::string authority(const Endpoint& endpoint) {
  const bool is_v6 = endpoint.host.find(':') != std::string::npos;
  return (is_v6 ? "[" + endpoint.host + "]" : endpoint.host) + ":" + std::to_string(endpoint.port);
}

void add_header(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

std::string head_of(const ResponseStream::Target& target) {
  std::string head = "POST " + target.path + " HTTP/1.1\r\n";
  add_header(head, "Host", authority(target.endpoint));
  add_header(head, "User-Agent", "shellstrap/" + std::string(base::version()));
  add_header(head, "Connection", "close");
  add_header(head, "Transfer-Encoding", "chunked");
  add_header(head, wire::kResponseMode, wire::kStreaming);
  add_header(head, "Trailer", std::string(wire::kErrorType) + ", " + std::string(wire::kErrorBody));
  for (const auto& header : target.headers) add_header(head, header.name, header.value);
  return head + "\r\n";
}

std::string chunk_size(std::size_t size) {
  char text[24];
  const int length = std::snprintf(text, sizeof text, "%zx\r\n", size);
  return {text, static_cast<std::size_t>(length)};
}

std::string last_chunk(const FunctionError* error) {
  std::string end = "0\r\n";
  if (error != nullptr) {
    add_header(end, wire::kErrorType, error->type.text());
    add_header(end, wire::kErrorBody, base::base64_encode(error->trailer_body()));
  }
  return end + "\r\n";
}

std::size_t length_of(const ResponseHead& head) {
  for (const auto& header : head.headers()) {
    if (!base::equal_ignoring_case(header.name, "Content-Length")) continue;
    std::size_t length = 0;
    std::from_chars(header.value.data(), header.value.data() + header.value.size(), length);
    return length;
  }
  return 0;
}

std::string receive_body(SocketIo& io, std::size_t size) {
  std::string body(std::min(size, kLongestRefusal), '\0');
  std::size_t end = 0;
  while (end < body.size()) {
    const auto got = io.receive(body.data() + end, body.size() - end);
    if (got <= 0) break;
    end += static_cast<std::size_t>(got);
  }
  body.resize(end);
  return body;
}

}  // namespace

std::size_t largest_streamed_response() {
  return wire::kLargestStreamedResponse;
}

std::string_view streamed_http_type() {
  return wire::kIntegrationType;
}

base::Result<ResponseStream> ResponseStream::open(Target target) {
  Allowance allowance(Deadline::after(kConnectLimit), target.hurry);
  auto fd = connect_to(target.endpoint, allowance);
  if (!fd) return fd.error();
  return ResponseStream(*std::move(fd), target);
}

ResponseStream::ResponseStream(base::UniqueFd fd, const Target& target)
    : fd_(std::move(fd)), hurry_(target.hurry), unsent_(head_of(target)) {}

bool ResponseStream::write(std::string_view bytes) {
  if (bytes.empty() || broken_) return !broken_;  // an empty chunk would be the last one
  unsent_.append(chunk_size(bytes.size())).append(bytes).append("\r\n");
  return flush();
}

bool ResponseStream::proceed() {
  return peer_listens() && flush();
}

// Whatever it says before the end, but for interim answers, it will not take the rest. Byte by byte: what is
// behind a head is for finish().
bool ResponseStream::peer_listens() {
  for (char byte = 0; !broken_;) {
    const ssize_t got = ::recv(fd_.get(), &byte, 1, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    broken_ = got <= 0 || !head_.take(byte) || head_.status() != 0;
  }
  return false;
}

bool ResponseStream::flush() {
  while (busy() && !broken_) {
    const auto rest = std::string_view(unsent_).substr(sent_);
    const ssize_t sent = ::send(fd_.get(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      sent_ += static_cast<std::size_t>(sent);
    } else if (errno == EAGAIN) {
      return true;
    } else if (errno != EINTR) {
      failure_ = base::errno_error("cannot send", errno).message;
      broken_ = true;
    }
  }
  if (unsent_.capacity() > kUsualBuffer) unsent_ = std::string();
  unsent_.clear();
  sent_ = 0;
  return !broken_;
}

Posted ResponseStream::finish(const FunctionError* error, Deadline limit) {
  Allowance allowance(broken_ ? Deadline::after(kLastWords) : with_grace(limit), hurry_);
  SocketIo io;
  io.begin(fd_.get(), allowance);
  if (!broken_ && (!io.send(std::string_view(unsent_).substr(sent_)) || !io.send(last_chunk(error))))
    failure_ = io.failure();
  return receive_answer(io);
}

// A status counts even where the answer breaks off behind it: what was sent has been judged.
Posted ResponseStream::receive_answer(SocketIo& io) {
  const bool whole_head = receive_head(io, head_);
  Posted posted{head_.status(), {}};
  if (posted.status == 0) posted.reason = failure_.empty() ? failure_of(io, head_) : failure_;
  if (posted.status != 0 && !posted.accepted())
    posted.reason = refusal_in_words(posted.status, whole_head ? receive_body(io, length_of(head_)) : "");
  return posted;
}

}  // namespace api
