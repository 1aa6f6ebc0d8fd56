// SPDX-License-Identifier: Apache-2.0
#include "api/socket_io.h"

#include "base/result.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace api {
namespace {

constexpr std::size_t kBufferSize = std::size_t{16} * 1024;

}  // namespace

SocketIo::SocketIo() : received_(kBufferSize) {}

void SocketIo::begin(int fd, base::Deadline limit, const Hurry& hurry) {
  fd_ = fd;
  limit_ = limit;
  hurry_ = hurry;
  hurried_ = false;
  unsent_.clear();
  next_ = end_ = 0;
  failure_.clear();
}

bool SocketIo::send(std::string_view bytes) {
  if (unsent_.size() + bytes.size() <= kBufferSize) {
    unsent_.append(bytes);
    return true;
  }
  return flush() && send_now(bytes);
}

bool SocketIo::flush() {
  const bool sent = send_now(unsent_);
  unsent_.clear();
  return sent;
}

bool SocketIo::send_now(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      if (!wait_for(POLLOUT | POLLIN)) return false;
    } else if (errno != EINTR) {
      failure_ = base::errno_error("cannot send", errno).message;
      return false;
    }
  }
  return true;
}

// False where the limit passed, or where POLLOUT was asked for and only an answer came.
bool SocketIo::wait_for(short events) {
  std::array<pollfd, 2> polled{{{fd_, events, 0}, {hurried_ ? -1 : hurry_.fd, POLLIN, 0}}};
  auto& [ready, hurry] = polled;
  while (::poll(polled.data(), polled.size(), limit_.poll_timeout()) <= 0 || ready.revents == 0) {
    if (hurry.revents != 0) {
      hurried_ = true;
      limit_ = base::Deadline::earlier_of(limit_, base::Deadline::after(hurry_.patience));
      hurry = {-1, 0, 0};
    }
    if (!limit_.passed()) continue;  // EINTR, or a poll that was cut into pieces
    failure_ = "no answer within the time limit";
    return false;
  }
  const bool answered_early = (events & POLLOUT) != 0 && (ready.revents & POLLOUT) == 0;
  if (answered_early) failure_ = "answered before the request was read";
  return !answered_early;
}

ssize_t SocketIo::receive(char* buffer, std::size_t size) {
  if (!unsent_.empty() && !flush()) return -1;
  if (next_ == end_) {
    if (size >= received_.size()) return receive_now(buffer, size);
    const ssize_t got = receive_now(received_.data(), received_.size());
    if (got <= 0) return got;
    next_ = 0;
    end_ = static_cast<std::size_t>(got);
  }
  const std::size_t count = std::min(size, end_ - next_);
  std::memcpy(buffer, received_.data() + next_, count);
  next_ += count;
  return static_cast<ssize_t>(count);
}

ssize_t SocketIo::receive_now(char* buffer, std::size_t size) {
  for (;;) {
    const ssize_t got = ::recv(fd_, buffer, size, MSG_DONTWAIT);
    if (got > 0) return got;
    if (got == 0) {
      failure_ = "the connection was closed";
      return 0;
    }
    if (errno == EAGAIN && !wait_for(POLLIN)) return -1;
    if (errno != EAGAIN && errno != EINTR) {
      failure_ = base::errno_error("cannot receive", errno).message;
      return -1;
    }
  }
}

bool SocketIo::is_clean(int fd) {
  char byte = 0;
  return ::recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

}  // namespace api
