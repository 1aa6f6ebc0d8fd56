// SPDX-License-Identifier: Apache-2.0
#include "cli/aws/private_folder.h"

#include "base/io/memory_file.h"
#include "base/io/unique_fd.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace cli {
namespace {

constexpr auto kParent = "/tmp";

std::string parent_of(const base::Environment& own) {
  const auto wanted = own.get_or("TMPDIR", kParent);
  const bool is_plain = wanted.starts_with('/') && wanted.find('$') == wanted.npos;
  return is_plain ? wanted : kParent;
}

}  // namespace

base::Result<PrivateFolder> PrivateFolder::create(const base::Environment& own) {
  auto folder = base::TemporaryFolder::create(parent_of(own));
  if (!folder) return folder.error();
  return PrivateFolder(*std::move(folder));
}

PrivateFolder::PrivateFolder(PrivateFolder&& other) noexcept
    : folder_(std::exchange(other.folder_, std::nullopt)) {}

PrivateFolder::~PrivateFolder() {
  if (folder_) folder_->remove();
}

std::string PrivateFolder::path(std::string_view name) const {
  return folder_->path() + "/" + std::string(name);
}

base::Result<std::string> PrivateFolder::write(std::string_view name, std::string_view bytes) const {
  auto file = path(name);
  const base::UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd.valid()) return base::errno_error("cannot write " + file, errno);
  if (const auto written = base::write_all(fd.get(), bytes); !written) {
    ::unlink(file.c_str());
    return written.error();
  }
  return file;
}

PrivateFile::~PrivateFile() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

}  // namespace cli
