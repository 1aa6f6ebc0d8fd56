// SPDX-License-Identifier: Apache-2.0
#include "base/io/spool.h"

#include <algorithm>
#include <cstring>

namespace base {

Status Spool::append(std::string_view bytes) {
  if (!file_ && memory_.size() + bytes.size() > kSpillSize) {
    if (auto spilled = spill(); !spilled) return spilled;
  }
  if (file_) return file_->append(bytes);
  memory_.append(bytes);
  return Done{};
}

Status Spool::spill() {
  auto file = MemoryFile::create("answer");
  if (!file) return file.error();
  if (auto moved = file->append(memory_); !moved) return moved;
  file_ = *std::move(file);
  memory_ = std::string();
  return Done{};
}

Result<MemoryFile> Spool::into_file() && {
  if (!file_)
    if (auto spilled = spill(); !spilled) return spilled.error();
  if (auto rewound = file_->rewind(); !rewound) return rewound.error();
  return *std::move(file_);
}

Result<std::size_t> Spool::read_at(std::size_t offset, std::span<char> buffer) const {
  if (file_) return file_->read_at(offset, buffer);
  const std::size_t count = std::min(buffer.size(), memory_.size() - std::min(offset, memory_.size()));
  if (count > 0) std::memcpy(buffer.data(), memory_.data() + offset, count);
  return count;
}

Result<std::string> Spool::text() const {
  if (file_) return file_->text();
  return memory_;
}

}  // namespace base
