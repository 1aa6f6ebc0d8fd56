// SPDX-License-Identifier: Apache-2.0
#include "support/http_client.h"

#include "base/text/text.h"
#include "support/raw_socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cstdlib>

namespace support {
namespace {

constexpr timeval kSocketPatience{20, 0};

base::UniqueFd connect_to(int port) {
  base::UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &kSocketPatience, sizeof kSocketPatience);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  if (::connect(fd.get(), generic, sizeof address) != 0) return {};
  return fd;
}

std::size_t content_length(std::string_view head) {
  const auto at = base::ascii_lower(head).find("\r\ncontent-length:");
  if (at == std::string::npos) return 0;
  return std::strtoul(std::string(head.substr(at + 17)).c_str(), nullptr, 10);
}

}  // namespace

HttpConnection::HttpConnection(int port) : socket_(connect_to(port)) {}

std::optional<HttpAnswer> HttpConnection::exchange(std::string_view method, std::string_view path,
                                                   std::string_view body, std::string_view headers) {
  std::string request(method);
  request.append(" ").append(path).append(" HTTP/1.1\r\nHost: localhost\r\n").append(headers);
  if (method != "GET") request.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  request.append("\r\n").append(body);
  if (!send(request)) return std::nullopt;
  return receive();
}

bool HttpConnection::send(std::string_view bytes) {
  return send_all(socket_.get(), bytes);
}

std::optional<HttpAnswer> HttpConnection::receive() {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
    if (!fill()) return std::nullopt;
  HttpAnswer answer;
  answer.head = buffer_.substr(0, end + 2);
  const std::size_t size = content_length(answer.head);
  while (buffer_.size() < end + 4 + size)
    if (!fill()) return std::nullopt;
  answer.body = buffer_.substr(end + 4, size);
  answer.status = std::atoi(answer.head.substr(answer.head.find(' ')).c_str());
  buffer_.erase(0, end + 4 + size);
  return answer;
}

bool HttpConnection::fill() {
  const auto some = receive_some(socket_.get());
  if (some) buffer_.append(*some);
  return some.has_value();
}

void HttpConnection::finish_sending() {
  ::shutdown(socket_.get(), SHUT_WR);
}

}  // namespace support
