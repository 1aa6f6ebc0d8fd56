// SPDX-License-Identifier: Apache-2.0
#include "support/udp_receiver.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cstdio>
#include <cstdlib>

namespace support {
namespace {

void require_socket(bool holds, const char* call) {
  if (holds) return;
  std::perror(call);
  std::abort();
}

bool is_readable(int fd, std::chrono::milliseconds limit) {
  pollfd waiting{fd, POLLIN, 0};
  return ::poll(&waiting, 1, static_cast<int>(limit.count())) > 0;
}

}  // namespace

UdpReceiver::UdpReceiver() : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  require_socket(::bind(socket_.get(), generic, size) == 0, "bind");
  require_socket(::getsockname(socket_.get(), generic, &size) == 0, "getsockname");
  port_ = ntohs(address.sin_port);
}

std::optional<std::string> UdpReceiver::next(std::chrono::milliseconds limit) {
  if (!is_readable(socket_.get(), limit)) return std::nullopt;
  std::string bytes(65536, '\0');
  const auto got = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
  if (got < 0) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(got));
  return bytes;
}

bool UdpReceiver::has_more() const {
  return is_readable(socket_.get(), std::chrono::milliseconds(0));
}

}  // namespace support
