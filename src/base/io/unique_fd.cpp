// SPDX-License-Identifier: Apache-2.0
#include "base/io/unique_fd.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace base {

UniqueFd& UniqueFd::operator=(UniqueFd&& other) noexcept {
  if (this != &other) {
    reset();
    fd_ = other.release();
  }
  return *this;
}

void UniqueFd::reset() {
  // Linux frees the number even when close() reports EINTR: never call it twice.
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return errno_error("cannot create a pipe", errno);
  return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

// Also where it does not wait, poll(2) may be told of a signal.
bool is_readable(int fd) {
  pollfd polled{fd, POLLIN, 0};
  int found = 0;
  while ((found = ::poll(&polled, 1, 0)) < 0 && errno == EINTR) continue;
  return found > 0;
}

Status set_nonblocking(int fd) {
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0 || ::fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0)
    return errno_error("cannot make a descriptor non-blocking", errno);
  return Done{};
}

void ensure_standard_streams() {
  int fd = ::open("/dev/null", O_RDWR);  // the lowest free number comes first
  while (fd >= 0 && fd <= STDERR_FILENO) fd = ::open("/dev/null", O_RDWR);
  if (fd > STDERR_FILENO) ::close(fd);
}

}  // namespace base
