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

  /// Below the package, with one slash between its parts and none at the end. From a zip as it stands there,
  /// but for "./" and the backslashes of Windows.
  std::string path;
  Kind kind = Kind::file;
  mode_t mode = 0;               ///< permission bits
  std::uint64_t size = 0;        ///< unpacked, as the package claims
  bool has_modes = true;         ///< false: packed where files have none (Windows)
  bool has_backslashes = false;  ///< Windows wrote them where slashes belong
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

/// The file, folder or link at `path` as an entry of that name.
PackageEntry make_entry(const std::string& path, std::string name);

/// An error is a sentence: no such thing, or a zip file that cannot be read.
base::Result<Package> open_package(const std::string& path);

/// The part for zip files; see check_zip.cpp.
base::Result<Package> open_zip(const std::string& path);

}  // namespace cli
