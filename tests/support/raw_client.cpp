// SPDX-License-Identifier: Apache-2.0
#include "support/raw_client.h"

#include "support/raw_socket.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace support {
namespace {

constexpr timeval kClientPatience{20, 0};

}  // namespace

RawClient::RawClient(int port, int receive_buffer)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &kClientPatience, sizeof kClientPatience);
  if (receive_buffer > 0)
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  if (::connect(socket_.get(), generic, sizeof address) != 0) socket_.reset();
}

bool RawClient::send(std::string_view bytes) {
  return send_all(socket_.get(), bytes);
}

bool RawClient::get(std::string_view path) {
  return send("GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
}

bool RawClient::read_some(std::size_t most) {
  std::string bytes(most, '\0');
  return ::recv(socket_.get(), bytes.data(), bytes.size(), 0) > 0;
}

bool RawClient::read_until(std::string_view part) {
  while (text_.find(part) == std::string::npos) {
    const auto more = receive_some(socket_.get());
    if (!more) return false;
    text_ += *more;
  }
  return true;
}

const std::string& RawClient::read_all() {
  while (const auto more = receive_some(socket_.get())) text_ += *more;
  return text_;
}

}  // namespace support
