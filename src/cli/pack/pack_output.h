// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/unique_fd.h"
#include "base/result.h"

#include <string>

namespace cli {

/// A file that appears under its name when all of it is there, and not before: until then it is a private one
/// (0600) beside it, which goes with its owner. What was under the name stays until it is replaced at once.
class PackOutput {
 public:
  /// For the file `path`. An error: the folder takes no files, or what is there is no file.
  static base::Result<PackOutput> create(const std::string& path);

  PackOutput(PackOutput&& other) noexcept;
  PackOutput& operator=(PackOutput&&) = delete;
  PackOutput(const PackOutput&) = delete;
  PackOutput& operator=(const PackOutput&) = delete;
  ~PackOutput();

  [[nodiscard]] int fd() const { return fd_.get(); }

  /// Gives it its name, and the modes that a new file gets; once, at the end.
  base::Status publish();

 private:
  PackOutput(std::string path, std::string aside, base::UniqueFd fd);

  std::string path_;
  std::string aside_;  ///< empty: there is no such file any more
  base::UniqueFd fd_;
};

}  // namespace cli
