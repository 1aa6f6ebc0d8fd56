// SPDX-License-Identifier: Apache-2.0
#include "api/connection/socket_io.h"

#include "base/result.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace api {
namespace {

constexpr std::size_t kBufferSize = std::size_t{16} * 1024;
constexpr auto kTimeIsUp = "no answer within the time limit";

}  // namespace

SocketIo::SocketIo() : received_(kBufferSize) {}

void SocketIo::begin(int fd, Allowance& allowance) {
  fd_ = fd;
  allowance_ = &allowance;
  sent_ = true;
  has_sent_ = has_received_ = false;
  unsent_.clear();
  next_ = end_ = 0;
  failure_.clear();
}

bool SocketIo::send(std::string_view bytes) {
  if (unsent_.size() + bytes.size() <= kBufferSize) {
    unsent_.append(bytes);
    return true;
  }
  flush();
  sent_ = sent_ && send_now(bytes);
  return sent_;
}

void SocketIo::flush() {
  sent_ = sent_ && send_now(unsent_);
  unsent_.clear();
}

// A peer that takes a little again and again never makes us wait for long, so the time is asked for as well.
bool SocketIo::send_now(std::string_view bytes) {
  while (!bytes.empty()) {
    if (std::exchange(has_sent_, true) && allowance_->used_up()) return note_failure(kTimeIsUp), false;
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      if (!wait_until_writable()) return false;
    } else if (errno != EINTR) {
      return note_failure(base::errno_error("cannot send", errno).message), false;
    }
  }
  return true;
}

// False also where only an answer came.
bool SocketIo::wait_until_writable() {
  const short ready = allowance_->wait_for(fd_, POLLOUT | POLLIN);
  has_sent_ = false;
  if (ready == 0) note_failure(kTimeIsUp);
  if (ready != 0 && (ready & POLLOUT) == 0) note_failure("answered before the request was read");
  return (ready & POLLOUT) != 0;
}

ssize_t SocketIo::receive(char* buffer, std::size_t size) {
  if (!unsent_.empty()) flush();
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

// The first bytes, and those that were waited for, are taken whatever the time: a process that got no time on
// the processor finds its answer there. Of more than that the peer could send for ever.
ssize_t SocketIo::receive_now(char* buffer, std::size_t size) {
  for (;;) {
    if (has_received_ && allowance_->used_up()) return note_failure(kTimeIsUp), -1;
    const ssize_t got = ::recv(fd_, buffer, size, MSG_DONTWAIT);
    has_received_ = got > 0;
    if (got > 0) return got;
    if (got == 0) return note_failure("the connection was closed"), 0;
    if (errno == EAGAIN && !sent_) return -1;  // what was to be answered never went out whole
    if (errno == EAGAIN && allowance_->wait_for(fd_, POLLIN) == 0) return note_failure(kTimeIsUp), -1;
    if (errno != EAGAIN && errno != EINTR)
      return note_failure(base::errno_error("cannot receive", errno).message), -1;
  }
}

void SocketIo::note_failure(std::string failure) {
  if (failure_.empty()) failure_ = std::move(failure);
}

bool SocketIo::is_clean(int fd) {
  char byte = 0;
  return ::recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

}  // namespace api
