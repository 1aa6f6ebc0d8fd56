// SPDX-License-Identifier: Apache-2.0
#include "runtime/tracing/xray_daemon.h"

#include <netdb.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

namespace runtime {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

// Nothing is looked up: the host was seen to be an address, or this machine.
Addresses addresses_of(const api::Endpoint& endpoint) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* list = nullptr;
  const auto port = std::to_string(endpoint.port);
  return Addresses(::getaddrinfo(endpoint.host.c_str(), port.c_str(), &hints, &list) == 0 ? list : nullptr);
}

}  // namespace

XrayDaemon::XrayDaemon(api::Endpoint endpoint, base::Logger& logger)
    : endpoint_(std::move(endpoint)), logger_(logger) {}

void XrayDaemon::send(std::string_view datagram) {
  const std::lock_guard lock(mutex_);
  int error = try_to_send(datagram);
  if (error == ECONNREFUSED) {  // of the one before: nobody had listened
    note_dropped(error);
    error = try_to_send(datagram);
  }
  if (error != 0) note_dropped(error);
}

// 0, or errno.
int XrayDaemon::try_to_send(std::string_view datagram) {
  if (!socket_.valid())
    if (const int error = open_socket(); error != 0) return error;
  const auto sent = ::send(socket_.get(), datagram.data(), datagram.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  return sent < 0 ? errno : 0;
}

// Connected, so that the kernel tells when nobody listens.
int XrayDaemon::open_socket() {
  const auto addresses = addresses_of(endpoint_);
  if (!addresses) return EADDRNOTAVAIL;
  base::UniqueFd made(::socket(addresses->ai_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!made.valid()) return errno;
  if (::connect(made.get(), addresses->ai_addr, addresses->ai_addrlen) != 0) return errno;
  socket_ = std::move(made);
  return 0;
}

void XrayDaemon::note_dropped(int reason) {
  if (++dropped_ < next_word_at_) return;
  next_word_at_ *= 10;
  logger_.warn(std::to_string(dropped_) + (dropped_ == 1 ? " subsegment was" : " subsegments were") +
               " not taken by X-Ray's daemon at " + endpoint_.host + ":" + std::to_string(endpoint_.port) +
               ": " + std::strerror(reason));
}

}  // namespace runtime
