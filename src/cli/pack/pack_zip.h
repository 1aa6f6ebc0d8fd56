// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cli {

/// Writes a zip file (PKWARE's APPNOTE) front to back, as Lambda unpacks it: modes of Unix, names as they
/// are, every date 1980-01-01, the first that the format has, so that the same files give the same bytes.
/// Deflated by zlib, or stored where that is smaller. The container is written here and not by minizip: that
/// is a library of its own, wants the clock's date and a file's name, and all that a package needs are the
/// three records in the .cpp. Without Zip64, for packages of 250 MB have no use for it.
class ZipWriter {
 public:
  /// As the format counts them without Zip64.
  static constexpr std::size_t kMostEntries = 65535;

  /// `fd` is borrowed: where the bytes go, from its position on.
  explicit ZipWriter(int fd) : fd_(fd) {}

  /// A file: its path with slashes, relative, of less than 65536 bytes. Blocks until it is written. After an
  /// error the file is of no use.
  base::Status add(std::string_view path, bool is_executable, std::string_view bytes);

  /// The directory at the end; once, after all files.
  base::Status finish();

 private:
  base::Status write(std::string_view bytes);

  int fd_;
  std::uint64_t offset_ = 0;
  std::size_t count_ = 0;
  std::string directory_;
};

}  // namespace cli
