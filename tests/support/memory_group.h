// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>

namespace support {

/// A memory cgroup with a limit, of either version, below the one that this process is in. Needs root and a
/// writable hierarchy. Removed at the end; processes still in it are killed.
class MemoryGroup {
 public:
  explicit MemoryGroup(std::size_t bytes);
  MemoryGroup(const MemoryGroup&) = delete;
  MemoryGroup& operator=(const MemoryGroup&) = delete;
  ~MemoryGroup();

  [[nodiscard]] bool usable() const { return reason_.empty(); }
  /// Why it is not.
  [[nodiscard]] const std::string& reason() const { return reason_; }

  [[nodiscard]] bool add(pid_t pid) const;

 private:
  std::string path_;
  std::string reason_;
};

}  // namespace support
