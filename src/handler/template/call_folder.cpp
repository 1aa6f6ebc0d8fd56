// SPDX-License-Identifier: Apache-2.0
#include "handler/template/call_folder.h"

#include "handler/spec/template.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace handler {
namespace {

// A link says ENOTDIR where a folder should be, and ELOOP where a file should be.
std::string why_not_opened(int code) {
  if (code == ENOENT) return "was not written";
  if (code == ELOOP) return "is a link";
  if (code == ENOTDIR) return "is behind a link or a file, where a folder should be";
  if (code == ENXIO) return "is a socket";
  return std::string("cannot be read: ") + std::strerror(code);
}

// nullptr: it is a file.
const char* other_kind(mode_t mode) {
  if (S_ISREG(mode)) return nullptr;
  if (S_ISDIR(mode)) return "is a folder";
  if (S_ISFIFO(mode)) return "is a FIFO";
  return "is a device";
}

base::UniqueFd open_below(int folder, const std::string& name, int flags) {
  return base::UniqueFd(::openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | flags));
}

}  // namespace

base::Status CallFolder::make() {
  if (folder_) return base::Done{};
  auto made = base::TemporaryFolder::create(parent_);
  if (!made) return made.error();
  folder_.emplace(*std::move(made));
  count_ = 0;
  return base::Done{};
}

base::Result<std::string> CallFolder::path() {
  if (auto made = make(); !made) return made.error();
  return folder_->path();
}

base::Result<CallFolder::Created> CallFolder::create(const std::string& name) {
  if (auto made = make(); !made) return made.error();
  auto path =
      folder_->path() + "/" + (name.empty() ? std::string(kNumberedName) + std::to_string(++count_) : name);
  base::UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd.valid()) return base::errno_error("cannot create " + path, errno);
  return Created{std::move(path), std::move(fd)};
}

std::variant<CallFolder::Answer, CallFolder::NoAnswer> CallFolder::open_answer(std::string_view path) const {
  if (!folder_) return NoAnswer{"was not written"};
  base::UniqueFd parent;
  int at = folder_->fd();
  for (auto slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/')) {
    parent = open_below(at, std::string(path.substr(0, slash)), O_DIRECTORY);
    if (!parent.valid()) return NoAnswer{why_not_opened(errno)};
    at = parent.get();
    path.remove_prefix(slash + 1);
  }
  // Of a FIFO a plain open would wait for a writer.
  auto fd = open_below(at, std::string(path), O_NONBLOCK | O_NOCTTY);
  struct stat facts {};
  if (!fd.valid() || ::fstat(fd.get(), &facts) != 0) return NoAnswer{why_not_opened(errno)};
  if (const auto* kind = other_kind(facts.st_mode)) return NoAnswer{kind};
  return Answer{std::move(fd), static_cast<std::size_t>(facts.st_size)};
}

std::optional<base::TemporaryFolder::Remains> CallFolder::remove() {
  if (!folder_) return std::nullopt;
  auto remains = folder_->remove();
  folder_.reset();
  if (remains.count == 0) return std::nullopt;
  return remains;
}

}  // namespace handler
