// SPDX-License-Identifier: Apache-2.0
#include "base/io/temporary_folder.h"

#include "base/io/folder_clearing.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace base {

Result<TemporaryFolder> TemporaryFolder::create(const std::string& parent) {
  std::string path = parent + "/shellstrap-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) return errno_error("cannot create a folder in " + parent, errno);
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd.valid()) return errno_error("cannot open " + path, errno);
  return TemporaryFolder(std::move(path), std::move(fd));
}

TemporaryFolder::Remains TemporaryFolder::remove() {
  auto remains = clear_folder(fd_.get(), path_);
  fd_.reset();
  // Renamed by whoever had it, it is empty by now; a link that took its place is none of ours.
  if (remains.count == 0 && ::rmdir(path_.c_str()) != 0) remains = {1, path_, errno};
  return remains;
}

}  // namespace base
