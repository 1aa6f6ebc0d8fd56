// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

namespace support {

/// A cgroup of either version below the one that this process is in. Needs root and a writable hierarchy.
/// Removed at the end; processes still in it are killed.
class ControlGroup {
 public:
  ControlGroup(const ControlGroup&) = delete;
  ControlGroup& operator=(const ControlGroup&) = delete;
  ~ControlGroup();

  [[nodiscard]] bool usable() const { return reason_.empty(); }
  /// Why it is not.
  [[nodiscard]] const std::string& reason() const { return reason_; }

  [[nodiscard]] bool add(pid_t pid) const;

 protected:
  /// `controller`: "memory", "cpu".
  explicit ControlGroup(const std::string& controller);

  /// False: there is no such file, or it refuses the text.
  [[nodiscard]] bool set(std::string_view file, std::string_view text) const;

  /// One that cannot be limited is of no use.
  void has_no_limit() { reason_ = path_ + " has no limit to set"; }

 private:
  std::string path_;
  std::string reason_;
};

/// With a limit on memory.
class MemoryGroup : public ControlGroup {
 public:
  explicit MemoryGroup(std::size_t bytes);
};

/// All of its processes together get so many per cent of one processor, in slices of 100 ms.
class CpuGroup : public ControlGroup {
 public:
  explicit CpuGroup(int percent);
};

}  // namespace support
