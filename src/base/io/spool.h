// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/memory_file.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace base {

/// The bytes of one answer in the order they came: on the heap while small, in a MemoryFile beyond
/// kSpillSize. Move only; not synchronised.
class Spool {
 public:
  /// Most answers are smaller; up to here a heap buffer saves three system calls.
  static constexpr std::size_t kSpillSize = 64 * 1024;

  Status append(std::string_view bytes);

  /// As MemoryFile::read_at.
  Result<std::size_t> read_at(std::size_t offset, std::span<char> buffer) const;

  /// Everything, copied to the heap.
  Result<std::string> text() const;

  /// All of it as a file, positioned at its start.
  Result<MemoryFile> into_file() &&;

  [[nodiscard]] std::size_t size() const { return file_ ? file_->size() : memory_.size(); }

 private:
  Status spill();

  std::string memory_;
  std::optional<MemoryFile> file_;
};

}  // namespace base
