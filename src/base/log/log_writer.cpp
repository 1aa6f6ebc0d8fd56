// SPDX-License-Identifier: Apache-2.0
#include "base/log/log_writer.h"

#include "base/log/json_line.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <utility>

namespace base {
namespace {

mode_t kind_of(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 ? status.st_mode & S_IFMT : 0;
}

// Refused where the pipe was made by another user, or where /proc shows a process's descriptors to root only.
UniqueFd reopen_nonblocking(int fd) {
  char path[40];
  std::snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  return UniqueFd(::open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
}

// As many whole lines as one write may take.
std::string_view next_piece(std::string_view lines) {
  if (lines.size() <= kLongestLogLine) return lines;
  const auto end = lines.rfind('\n', kLongestLogLine - 1);
  return lines.substr(0, end == std::string_view::npos ? kLongestLogLine : end + 1);
}

}  // namespace

LogWriter::LogWriter(int fd, LogPatience patience, Confession confession)
    : fd_(fd), patience_(patience), confession_(std::move(confession)) {
  if (patience == LogPatience::endless) return;
  const auto kind = kind_of(fd);
  if (kind == S_IFSOCK) way_ = Way::socket;
  if (kind != S_IFIFO) return;
  own_ = reopen_nonblocking(fd);
  way_ = own_.valid() ? Way::own_description : Way::in_small_pieces;
}

void LogWriter::write(std::string_view lines, LogBudget& budget) {
  if (try_write(lines)) return;
  const auto started = SteadyClock::now();
  const auto limit =
      patience_ == LogPatience::endless ? Deadline::never() : Deadline::at(started + budget.left());
  bool written = false;
  while (!written && wait_for_room(limit)) written = try_write(lines);
  budget.spend(SteadyClock::now() - started);
  if (!written) drop(lines);
}

void LogWriter::catch_up() {
  if (!behind_.load(std::memory_order_relaxed)) return;
  std::string_view nothing;
  try_write(nothing);
}

// What was written is taken off `lines`; true: everything.
bool LogWriter::try_write(std::string_view& lines) {
  const std::lock_guard lock(mutex_);
  if (behind_) confess();
  const auto before = lines;
  if (owed_.empty() && write_while_there_is_room(lines)) return true;
  const bool torn = lines.size() < before.size() && before[before.size() - lines.size() - 1] != '\n';
  if (torn) owe_rest_of_line(lines);
  return false;
}

void LogWriter::owe_rest_of_line(std::string_view& lines) {
  owed_ = lines.substr(0, std::min(lines.find('\n'), lines.size() - 1) + 1);
  lines.remove_prefix(owed_.size());
  behind_ = true;
}

// First the rest of the line that was begun, then the word about lines that are missing.
void LogWriter::confess() {
  std::string_view owed = owed_;
  write_while_there_is_room(owed);
  owed_.erase(0, owed_.size() - owed.size());
  if (!owed_.empty()) return;
  behind_ = false;
  if (dropped_bytes_ == 0) return;
  const std::string line = confession_(std::exchange(dropped_bytes_, 0), std::exchange(dropped_lines_, 0));
  std::string_view rest = line;
  write_while_there_is_room(rest);
  owed_ = rest;
  behind_ = !owed_.empty();
}

bool LogWriter::write_while_there_is_room(std::string_view& bytes) {
  while (!bytes.empty()) {
    const auto written = write_some(next_piece(bytes));
    if (written == 0) {
      if (!full_since_) full_since_ = SteadyClock::now();
      return false;
    }
    bytes.remove_prefix(written);
    full_since_.reset();
  }
  return true;
}

// 0: there is no room.
std::size_t LogWriter::write_some(std::string_view bytes) {
  for (;;) {
    const ssize_t written = write_once(bytes);
    if (written >= 0) return static_cast<std::size_t>(written);
    if (errno == EAGAIN || errno == EWOULDBLOCK) return 0;
    if (errno != EINTR) return bytes.size();
  }
}

ssize_t LogWriter::write_once(std::string_view bytes) const {
  switch (way_) {
    case Way::own_description:
      return ::write(own_.get(), bytes.data(), bytes.size());
    case Way::socket:
      return ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    case Way::in_small_pieces:
      // A pipe that polls writable takes PIPE_BUF bytes without blocking, and within this process nobody else
      // writes meanwhile. Another process that fills it just then would block us: that is the limit of this
      // way.
      if (!has_room(0)) return errno = EAGAIN, -1;
      return ::write(fd_, bytes.data(), std::min<std::size_t>(bytes.size(), PIPE_BUF));
    case Way::as_it_is:
      break;
  }
  return ::write(fd_, bytes.data(), bytes.size());
}

// False when the limit has passed, or when the reader has taken nothing for as long as any invocation would
// wait: others need not find that out again.
bool LogWriter::wait_for_room(Deadline limit) {
  for (;;) {
    const auto until = patience_ == LogPatience::endless ? limit : Deadline::earlier_of(limit, stalled_at());
    if (until.passed()) return false;
    if (has_room(until.poll_timeout())) return true;
  }
}

Deadline LogWriter::stalled_at() {
  const std::lock_guard lock(mutex_);
  return full_since_ ? Deadline::at(*full_since_ + LogBudget::kUsual) : Deadline::never();
}

bool LogWriter::has_room(int timeout) const {
  pollfd polled{fd_, POLLOUT, 0};
  return ::poll(&polled, 1, timeout) > 0;
}

void LogWriter::drop(std::string_view lines) {
  const std::lock_guard lock(mutex_);
  dropped_bytes_ += lines.size();
  dropped_lines_ += static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n'));
  behind_ = true;
}

}  // namespace base
