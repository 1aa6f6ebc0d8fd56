// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace cli {

/// One thing in a package.
struct PackageEntry {
  enum class Kind { file, folder, link, other };

  std::string path;  ///< below the package, without slash at either end; from a zip: as it stands there
  Kind kind = Kind::file;
  mode_t mode = 0;         ///< permission bits
  std::uint64_t size = 0;  ///< unpacked, as the package claims
  /// The first `limit` bytes at most; of a link its target. Reads anew each time; may outlive the package's
  /// listing, not its file.
  std::function<base::Result<std::string>(std::uint64_t limit)> read;
};

/// A function's package or a layer: a folder or a zip file. Nothing is written to disk.
struct Package {
  std::string name;  ///< as the user wrote it
  bool is_zip = false;
  std::uint64_t file_size = 0;  ///< of the zip file
  std::vector<PackageEntry> entries;

  /// nullptr: no entry of that path.
  [[nodiscard]] const PackageEntry* find(const std::string& path) const;
  /// Of all files.
  [[nodiscard]] std::uint64_t unpacked_size() const;
};

/// An error is a sentence: no such thing, or a zip file that cannot be read.
base::Result<Package> open_package(const std::string& path);

/// The part for zip files; see check_zip.cpp.
base::Result<Package> open_zip(const std::string& path);

}  // namespace cli
