// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <utility>

namespace base {

/// The owner of one file descriptor: closed once, on destruction. Move only. Whoever creates a descriptor
/// puts it here at once; functions that only use one take an int.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(other.release()) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept;
  UniqueFd(const UniqueFd&) = delete;
  UniqueFd& operator=(const UniqueFd&) = delete;
  ~UniqueFd() { reset(); }

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool valid() const { return fd_ >= 0; }
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }
  void reset();

 private:
  int fd_ = -1;
};

struct Pipe {
  UniqueFd read_end;
  UniqueFd write_end;
};

/// Both ends close-on-exec and blocking.
Result<Pipe> make_pipe();

Status set_nonblocking(int fd);

/// At once: there is something to read, or nobody will write any more. False of -1.
bool is_readable(int fd);

/// Opens /dev/null on those of 0, 1 and 2 that are closed, so that no descriptor opened later can be mistaken
/// for a standard stream. For the first line of main.
void ensure_standard_streams();

}  // namespace base
