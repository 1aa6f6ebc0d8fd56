// SPDX-License-Identifier: Apache-2.0
#include "cli/line/streams.h"

#include <limits.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

namespace cli {
namespace {

/// Blocks until `fd` is ready; false when the stop came first. Regular files are always ready.
bool wait_for(int fd, short events, int stop_fd, int other_stop_fd = -1) {
  std::array<pollfd, 3> watched{{{fd, events, 0}, {stop_fd, POLLIN, 0}, {other_stop_fd, POLLIN, 0}}};
  while (::poll(watched.data(), watched.size(), -1) < 0 && errno == EINTR) continue;
  return ((watched[1].revents | watched[2].revents) & POLLIN) == 0;
}

base::Error interrupted() {
  return {"interrupted", EINTR};
}

}  // namespace

base::Result<std::string> read_all(int fd, std::size_t limit, int stop_fd) {
  std::string bytes;
  std::vector<char> buffer(64 * 1024);
  while (bytes.size() <= limit) {
    if (!wait_for(fd, POLLIN, stop_fd)) return interrupted();
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got < 0) return base::errno_error("cannot read", errno);
    if (got == 0) return bytes;
    bytes.append(buffer.data(), static_cast<std::size_t>(got));
  }
  bytes.resize(limit + 1);
  return bytes;
}

bool has_unread_bytes(int fd) {
  struct stat kind {};
  if (::fstat(fd, &kind) != 0) return false;
  // A list that a loop of a shell reads is a file, too, but somewhere in its middle.
  if (S_ISREG(kind.st_mode)) return kind.st_size > 0 && ::lseek(fd, 0, SEEK_CUR) == 0;
  int unread = 0;
  return (S_ISFIFO(kind.st_mode) || S_ISSOCK(kind.st_mode)) && ::ioctl(fd, FIONREAD, &unread) == 0 &&
         unread > 0;
}

base::Status write_out(int fd, std::string_view bytes, int stop_fd, int other_stop_fd) {
  while (!bytes.empty()) {
    if (!wait_for(fd, POLLOUT, stop_fd, other_stop_fd)) return interrupted();
    // A pipe that is ready takes PIPE_BUF bytes without blocking, not necessarily more.
    const ssize_t written = ::write(fd, bytes.data(), std::min<std::size_t>(bytes.size(), PIPE_BUF));
    if (written < 0 && errno != EINTR && errno != EAGAIN) return base::errno_error("cannot write", errno);
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return base::Done{};
}

}  // namespace cli
