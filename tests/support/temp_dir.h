// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

namespace support {

/// A folder of its own for one test, removed with all that is in it at the end. Aborts the test program where
/// none can be made.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

  /// Makes a file (and the folders above it) with exactly this mode; its path.
  std::string write(std::string_view name, std::string_view content, mode_t mode = 0644) const;

 private:
  std::string path_;
};

}  // namespace support
