// SPDX-License-Identifier: Apache-2.0
#include "proc/tree/file_identity.h"

#include <sys/stat.h>

namespace proc {

std::optional<FileIdentity> identity_of(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return std::nullopt;
  return FileIdentity{status.st_dev, status.st_ino};
}

}  // namespace proc
