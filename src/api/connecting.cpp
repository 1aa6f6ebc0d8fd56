// SPDX-License-Identifier: Apache-2.0
#include "api/connecting.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>
#include <string>

namespace api {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Addresses addresses_of(const Endpoint& endpoint) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* list = nullptr;
  const auto port = std::to_string(endpoint.port);
  return Addresses(::getaddrinfo(endpoint.host.c_str(), port.c_str(), &hints, &list) == 0 ? list : nullptr);
}

// 0, or why the connection that is being made will not be.
int await_connection(int fd, base::Deadline limit) {
  pollfd connected{fd, POLLOUT, 0};
  while (::poll(&connected, 1, limit.poll_timeout()) <= 0)
    if (limit.passed()) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

base::Result<base::UniqueFd> connect_to(const addrinfo& address, base::Deadline limit) {
  base::UniqueFd fd(::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.valid()) return base::errno_error("socket", errno);
  const int yes = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (::connect(fd.get(), address.ai_addr, address.ai_addrlen) == 0) return fd;
  const int error = errno == EINPROGRESS ? await_connection(fd.get(), limit) : errno;
  if (error != 0) return base::errno_error("cannot connect", error);
  return fd;
}

}  // namespace

base::Result<base::UniqueFd> connect_to(const Endpoint& endpoint, base::Deadline limit) {
  base::Result<base::UniqueFd> connected = base::Error{"cannot resolve " + endpoint.host};
  const auto addresses = addresses_of(endpoint);
  for (const auto* address = addresses.get(); address != nullptr && !connected; address = address->ai_next)
    connected = connect_to(*address, limit);
  return connected;
}

}  // namespace api
