// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "base/temporary_folder.h"
#include "base/unique_fd.h"

#include <optional>
#include <string>

namespace handler {

/// The private files of one call: mode 0600, in a folder that is made with the first of them and that nobody
/// else may enter. Whoever creates them calls remove().
class ValueFiles {
 public:
  /// `parent`: where the folder goes.
  explicit ValueFiles(std::string parent) : parent_(std::move(parent)) {}

  struct Opened {
    std::string path;
    base::UniqueFd fd;  ///< to write to
  };
  base::Result<Opened> create();

  /// Removes them with whatever else is in the folder by now. What could not be; nullopt: there was none.
  std::optional<base::TemporaryFolder::Remains> remove();

 private:
  std::string parent_;
  std::optional<base::TemporaryFolder> folder_;
  int count_ = 0;
};

}  // namespace handler
