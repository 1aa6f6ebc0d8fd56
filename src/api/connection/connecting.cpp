// SPDX-License-Identifier: Apache-2.0
#include "api/connection/connecting.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>
#include <string>
#include <utility>
#include <variant>

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
int await_connection(int fd, Allowance& allowance) {
  if (allowance.wait_for(fd, POLLOUT) == 0) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

// The connection, or the errno that kept us from it.
std::variant<base::UniqueFd, int> connect_to(const addrinfo& address, Allowance& allowance) {
  base::UniqueFd fd(::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.valid()) return errno;
  const int yes = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (::connect(fd.get(), address.ai_addr, address.ai_addrlen) == 0) return fd;
  const int error = errno == EINPROGRESS ? await_connection(fd.get(), allowance) : errno;
  if (error != 0) return error;
  return fd;
}

}  // namespace

base::Result<base::UniqueFd> connect_to(const Endpoint& endpoint, Allowance& allowance) {
  const auto name = endpoint.host + ", port " + std::to_string(endpoint.port);
  base::Error failure{"cannot resolve " + endpoint.host};
  const auto addresses = addresses_of(endpoint);
  for (const auto* address = addresses.get(); address != nullptr; address = address->ai_next) {
    auto connected = connect_to(*address, allowance);
    if (auto* fd = std::get_if<base::UniqueFd>(&connected)) return std::move(*fd);
    failure = base::errno_error("cannot connect to " + name, std::get<int>(connected));
  }
  return failure;
}

}  // namespace api
