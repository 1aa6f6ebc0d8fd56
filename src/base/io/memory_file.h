// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/unique_fd.h"
#include "base/result.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace base {

/// An anonymous file in memory (memfd): seekable, without a name in any file system, gone with its last
/// descriptor. Payloads live here and not on the heap, because after vfork the kernel counts the parent's
/// heap to a child's peak memory. Move only; not synchronised.
class MemoryFile {
 public:
  /// `label` shows up in /proc/PID/fd only.
  static Result<MemoryFile> create(const char* label);

  Status append(std::string_view bytes);

  /// Everything in `other`, whose position does not move.
  Status append_from(const MemoryFile& other);

  /// Bytes from `offset`, at most buffer.size(); 0 at the end. Does not move the descriptor's position.
  Result<std::size_t> read_at(std::size_t offset, std::span<char> buffer) const;

  /// The same file under a descriptor of its own: it lives as long as either, position and bytes are shared.
  Result<MemoryFile> share() const;

  /// Whether both hold the same bytes now; false also where one of them cannot be read.
  bool same_bytes(const MemoryFile& other) const;

  /// Everything, copied to the heap: for small contents and tests.
  Result<std::string> text() const;

  /// Sets the position of the open file description to the start; a child that inherits fd() reads from
  /// there.
  Status rewind();

  /// Empties the file, position at the start: for one that is used again.
  Status clear();

  /// For a file that another process writes: its size at this moment, which size() is from then on.
  Result<std::size_t> measure();

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] int fd() const { return fd_.get(); }

 private:
  explicit MemoryFile(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
  std::size_t size_ = 0;
};

/// Writes all of `bytes`, through partial writes and EINTR. Blocks as long as the descriptor does.
Status write_all(int fd, std::string_view bytes);

}  // namespace base
