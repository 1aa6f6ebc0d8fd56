// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/environment.h"
#include "base/io/temporary_folder.h"
#include "base/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cli {

/// A folder (0700) for what the AWS CLI is given in files (0600) and gives in them: variables, events,
/// answers. Goes with its owner, with all that is in it.
class PrivateFolder {
 public:
  /// Below TMPDIR, or /tmp. The AWS CLI puts variables into the names of files: where TMPDIR could have one,
  /// it is /tmp, too.
  static base::Result<PrivateFolder> create(const base::Environment& own);

  PrivateFolder(PrivateFolder&& other) noexcept;
  PrivateFolder& operator=(PrivateFolder&&) = delete;
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;
  ~PrivateFolder();

  [[nodiscard]] std::string path(std::string_view name) const;

  /// A new file with these bytes; its path.
  [[nodiscard]] base::Result<std::string> write(std::string_view name, std::string_view bytes) const;

 private:
  explicit PrivateFolder(base::TemporaryFolder folder) : folder_(std::move(folder)) {}

  std::optional<base::TemporaryFolder> folder_;  // nullopt: moved from
};

/// A file of a PrivateFolder that is gone with its owner.
class PrivateFile {
 public:
  explicit PrivateFile(std::string path) : path_(std::move(path)) {}
  PrivateFile(PrivateFile&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  PrivateFile& operator=(PrivateFile&&) = delete;
  PrivateFile(const PrivateFile&) = delete;
  PrivateFile& operator=(const PrivateFile&) = delete;
  ~PrivateFile();

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace cli
