// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/unique_fd.h"
#include "base/result.h"

#include <cstddef>
#include <string>

namespace base {

/// A folder with a name of its own that only its owner may enter, for somebody who is not trusted with what
/// he does in it. Whoever creates it calls remove(); destruction alone leaves it where it is.
class TemporaryFolder {
 public:
  /// A new, empty one with mode 0700 below `parent`.
  static Result<TemporaryFolder> create(const std::string& parent);

  [[nodiscard]] const std::string& path() const { return path_; }
  /// The folder itself, whatever becomes of its name; until remove().
  [[nodiscard]] int fd() const { return fd_.get(); }

  /// What could not be removed, and why.
  struct Remains {
    std::size_t count = 0;
    std::string first;  ///< one of them, as a path; may hold any byte
    int code = 0;       ///< its errno
  };
  /// Removes it with all that is in it, once. Never follows a link, never enters what is mounted there, and
  /// takes a few descriptors however deep the folders are nested: each one that is found is moved to the top
  /// first, which the kernel refuses for mount points. Where it may not be read or changed, its owner's mode
  /// is set. Blocks as long as that takes. Other processes may go on in it meanwhile; what they make then may
  /// remain.
  Remains remove();

 private:
  TemporaryFolder(std::string path, UniqueFd fd) : path_(std::move(path)), fd_(std::move(fd)) {}

  std::string path_;
  UniqueFd fd_;  // whatever becomes of the name, this is the folder that was made
};

}  // namespace base
