// SPDX-License-Identifier: Apache-2.0
#include "support/endless_peer.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

namespace support {
namespace {

using Pace = EndlessPeer::Pace;

constexpr std::size_t kFloodPacket = std::size_t{64} * 1024;
constexpr std::chrono::milliseconds kDripPause{2};

std::string many_of(const std::string& unit) {
  std::string units;
  while (units.size() < kFloodPacket) units += unit;
  return units;
}

}  // namespace

EndlessPeer::EndlessPeer(std::string beginning, std::string unit, Pace pace)
    : beginning_(std::move(beginning)),
      units_(many_of(unit)),
      packet_(pace == Pace::flood ? units_.size() : 1),
      pause_(pace == Pace::flood ? std::chrono::milliseconds(0) : kDripPause),
      listener_(listen_on_loopback()),
      acceptor_([this] { accept_connections(); }) {}

EndlessPeer::~EndlessPeer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const auto& fd : connections_) ::shutdown(fd.get(), SHUT_RDWR);
  }
  ::shutdown(listener_.fd.get(), SHUT_RDWR);  // ends accept()
  acceptor_.join();
  for (auto& server : servers_) server.join();
}

void EndlessPeer::accept_connections() {
  for (;;) {
    auto fd = accept_from(listener_.fd.get());
    const std::lock_guard lock(mutex_);
    if (!fd.valid() || stopping_) return;
    servers_.emplace_back([this, number = fd.get()] { serve(number); });
    connections_.push_back(std::move(fd));
  }
}

void EndlessPeer::serve(int fd) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  pollfd first_byte{fd, POLLIN, 0};
  ::poll(&first_byte, 1, -1);
  bool open = send(fd, beginning_);
  for (std::size_t at = 0; open && std::chrono::steady_clock::now() < end;
       at = (at + packet_) % units_.size()) {
    std::this_thread::sleep_for(pause_);
    open = send(fd, std::string_view(units_).substr(at, packet_));
  }
  ::shutdown(fd, SHUT_RDWR);
}

bool EndlessPeer::send(int fd, std::string_view bytes) {
  const bool taken = send_all(fd, bytes);
  if (taken) sent_ += bytes.size();
  return taken;
}

}  // namespace support
