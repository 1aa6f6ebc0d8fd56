// SPDX-License-Identifier: Apache-2.0
#include "emulator/http/peer.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

namespace emulator {
namespace {

constexpr std::size_t kPiece = std::size_t{16} * 1024;
constexpr auto kWriteSilence = std::chrono::seconds(30);
constexpr auto kFarewell = std::chrono::seconds(1);
// The line before the empty one may end without CR.
constexpr std::string_view kEmptyLine = "\n\r\n";

bool may_be_tried_again() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

}  // namespace

Stopping::Stopping()
    : reading_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      writing_(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)) {}

/// A timer of zero would be none.
void Stopping::begin(std::chrono::milliseconds grace) {
  begun_ = true;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(reading_.get(), &one, sizeof one);
  const auto nanoseconds = std::chrono::nanoseconds(grace).count() + 1;
  const itimerspec end{{}, {nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000}};
  ::timerfd_settime(writing_.get(), 0, &end, nullptr);
}

Peer::Peer(base::UniqueFd socket, Patience patience, const Stopping& stopping)
    : socket_(std::move(socket)), patience_(patience), stopping_(stopping) {}

/// Empty lines before a request are none of it (RFC 9112, 2.2).
std::string Peer::next_head() {
  received_.erase(0, taken_);
  taken_ = 0;
  std::size_t searched = 0;
  while (true) {
    while (searched == 0 && received_.starts_with("\r\n")) received_.erase(0, 2);
    const auto end = received_.find(kEmptyLine, searched);
    if (end != std::string::npos) return received_.substr(0, end + kEmptyLine.size());
    if (received_.size() > kLongestHead) return received_;
    searched = received_.size() - std::min(received_.size(), kEmptyLine.size() - 1);
    if (receive_more(received_.empty() ? patience_.idle : patience_.silence) <= 0) return "";
  }
}

ssize_t Peer::receive_more(std::chrono::seconds patience) {
  const auto before = received_.size();
  received_.resize(before + kPiece);
  const auto got = receive(received_.data() + before, kPiece, base::Deadline::after(patience));
  received_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return got;
}

/// Large pieces of a body need no copy.
ssize_t Peer::read(char* bytes, std::size_t size) {
  if (taken_ == received_.size()) {
    received_.clear();
    taken_ = 0;
    if (size >= kPiece) return receive(bytes, size, base::Deadline::after(patience_.silence));
    if (const auto got = receive_more(patience_.silence); got <= 0) return got;
  }
  const auto count = std::min(size, received_.size() - taken_);
  std::memcpy(bytes, received_.data() + taken_, count);
  taken_ += count;
  return static_cast<ssize_t>(count);
}

/// Waits first, also where there is something to read: a peer that never stops sending ends with the rest.
ssize_t Peer::receive(char* bytes, std::size_t size, base::Deadline limit) {
  while (is_ready(POLLIN, stopping_.reading_fd(), limit)) {
    const auto got = ::recv(socket_.get(), bytes, size, MSG_DONTWAIT);
    if (got >= 0 || !may_be_tried_again()) return got;
  }
  return -1;
}

/// Tries first: an answer that fits into the socket reaches its peer also at the end.
ssize_t Peer::write(const char* bytes, std::size_t size) {
  do {
    const auto sent = ::send(socket_.get(), bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0 || !may_be_tried_again()) return sent;
  } while (wait_until_writable());
  return -1;
}

bool Peer::is_readable() const {
  pollfd socket{socket_.get(), POLLIN, 0};
  return taken_ < received_.size() || ::poll(&socket, 1, 0) > 0;
}

bool Peer::wait_until_writable() const {
  return is_ready(POLLOUT, stopping_.writing_fd(), base::Deadline::after(kWriteSilence));
}

bool Peer::is_there() const {
  if (stopping_.begun()) return false;
  char byte = 0;
  const auto got = ::recv(socket_.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got > 0 || (got < 0 && may_be_tried_again());
}

void Peer::see_off() {
  ::shutdown(socket_.get(), SHUT_WR);
  std::array<char, kPiece> dropped{};
  const auto limit = base::Deadline::after(kFarewell);
  while (receive(dropped.data(), dropped.size(), limit) > 0) continue;
}

bool Peer::is_ready(short events, int stop_fd, base::Deadline limit) const {
  std::array<pollfd, 2> watched{{{socket_.get(), events, 0}, {stop_fd, POLLIN, 0}}};
  while (true) {
    const int ready = ::poll(watched.data(), watched.size(), limit.poll_timeout());
    if (watched[1].revents != 0) return false;
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

}  // namespace emulator
