// SPDX-License-Identifier: Apache-2.0
#include "handler/value_file.h"

#include <fcntl.h>

#include <cerrno>
#include <utility>

namespace handler {

base::Result<ValueFiles::Opened> ValueFiles::create() {
  if (!folder_) {
    auto made = base::TemporaryFolder::create(parent_);
    if (!made) return made.error();
    folder_.emplace(*std::move(made));
    count_ = 0;
  }
  auto path = folder_->path() + "/value-" + std::to_string(++count_);
  base::UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd.valid()) return base::errno_error("cannot create " + path, errno);
  return Opened{std::move(path), std::move(fd)};
}

std::optional<base::TemporaryFolder::Remains> ValueFiles::remove() {
  if (!folder_) return std::nullopt;
  auto remains = folder_->remove();
  folder_.reset();
  if (remains.count == 0) return std::nullopt;
  return remains;
}

}  // namespace handler
