// SPDX-License-Identifier: Apache-2.0
#include "support/raw_socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace support {
namespace {

void require(bool holds, const char* call) {
  if (holds) return;
  std::perror(call);
  std::abort();
}

}  // namespace

Listener listen_on_loopback() {
  Listener listener{base::UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), 0};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof(address);
  require(::bind(listener.fd.get(), generic, size) == 0, "bind");
  require(::listen(listener.fd.get(), SOMAXCONN) == 0, "listen");
  require(::getsockname(listener.fd.get(), generic, &size) == 0, "getsockname");
  listener.port = ntohs(address.sin_port);
  return listener;
}

base::UniqueFd accept_from(int listener) {
  base::UniqueFd fd;
  do {
    fd = base::UniqueFd(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
  } while (!fd.valid() && (errno == EINTR || errno == ECONNABORTED));
  const int on = 1;
  if (fd.valid()) ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  return fd;
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::optional<std::string> receive_some(int fd) {
  std::array<char, 65536> buffer;
  ssize_t got = 0;
  do {
    got = ::recv(fd, buffer.data(), buffer.size(), 0);
  } while (got < 0 && errno == EINTR);
  if (got <= 0) return {};
  return std::string(buffer.data(), static_cast<std::size_t>(got));
}

bool peer_has_left(int fd) {
  char byte = 0;
  const ssize_t got = ::recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
}

void reset_on_close(int fd) {
  const linger at_once{1, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

}  // namespace support
