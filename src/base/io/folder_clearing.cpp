// SPDX-License-Identifier: Apache-2.0
#include "base/io/folder_clearing.h"

#include "base/deadline.h"
#include "base/io/unique_fd.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace base {
namespace {

// Somebody who goes on making files shall not keep us for ever. On the service this is time of the
// invocation.
constexpr auto kLimit = std::chrono::seconds(10);
// A name at the top may be taken already: so many others are tried.
constexpr int kMostTries = 10'000;

using Remains = TemporaryFolder::Remains;
using Folder = std::unique_ptr<DIR, int (*)(DIR*)>;

// Its owner may read and change it. By a handle that cannot be a link: chmod(2) follows them, and the call
// that does not is younger than the kernels that we run on.
bool make_accessible(int parent, const char* name) {
  const UniqueFd handle(::openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  char path[40];
  std::snprintf(path, sizeof path, "/proc/self/fd/%d", handle.get());
  return handle.valid() && ::chmod(path, S_IRWXU) == 0;
}

UniqueFd open_folder(int parent, const char* name) {
  constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  UniqueFd fd(::openat(parent, name, kFlags));
  if (fd.valid() || errno != EACCES || !make_accessible(parent, name)) return fd;
  return UniqueFd(::openat(parent, name, kFlags));
}

// Readable from its start, as often as wanted: a position of its own.
Folder reopen(int fd) {
  const int copy = ::openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return {copy >= 0 ? ::fdopendir(copy) : nullptr, &::closedir};
}

bool is_dot(const char* name) {
  return std::strcmp(name, ".") == 0 || std::strcmp(name, "..") == 0;
}

// Holds the folder at the top and the one it is at, whatever the depth.
class Clearing {
 public:
  Clearing(int top, const std::string& path) : top_(top), path_(path) {}

  // Some file systems skip entries while others go: again, until a whole look has removed nothing.
  Remains run() {
    do {
      removed_ = false;
      remains_ = {};
      clear(top_, path_);
      while (!moved_.empty()) clear_moved();
    } while (removed_ && !limit_.passed());
    return remains_;
  }

 private:
  void clear(int fd, const std::string& path) {
    ::fchmod(fd, S_IRWXU);
    std::vector<std::string> folders;  // moved after the look: the top would show them again
    const Folder folder = reopen(fd);
    for (const dirent* entry = next_of(folder); entry != nullptr; entry = next_of(folder)) {
      if (is_dot(entry->d_name)) continue;
      if (entry->d_type != DT_DIR && ::unlinkat(fd, entry->d_name, 0) == 0)
        removed_ = true;
      else if (entry->d_type == DT_DIR || errno == EISDIR)
        folders.emplace_back(entry->d_name);
      else
        remains(path, entry->d_name, errno);
    }
    for (const auto& name : folders)
      if (!move_to_top(fd, name)) remains(path, name, errno);
  }

  const dirent* next_of(const Folder& folder) const {
    return folder && !limit_.passed() ? ::readdir(folder.get()) : nullptr;
  }

  // False, with errno: it cannot be moved. EBUSY is a mount point.
  bool move_to_top(int parent, const std::string& name) {
    for (int i = 0; i < kMostTries; ++i) {
      auto target = std::to_string(++number_);
      if (target == name) continue;  // no move at all: a mount point would be let through
      if (rename_to_top(parent, name.c_str(), target.c_str())) {
        moved_.push_back(std::move(target));
        return true;
      }
      if (errno != ENOTEMPTY && errno != EEXIST && errno != ENOTDIR) return false;
    }
    return false;
  }

  // A folder that changes hands is written to: its ".." is another.
  bool rename_to_top(int parent, const char* name, const char* target) const {
    if (::renameat(parent, name, top_, target) == 0) return true;
    if (errno != EACCES || !make_accessible(parent, name)) return false;
    return ::renameat(parent, name, top_, target) == 0;
  }

  void clear_moved() {
    const auto name = std::move(moved_.back());
    moved_.pop_back();
    const auto path = path_ + "/" + name;
    const auto before = remains_.count;
    const UniqueFd fd = open_folder(top_, name.c_str());
    if (!fd.valid()) return remains(path_, name, errno);
    clear(fd.get(), path);
    if (::unlinkat(top_, name.c_str(), AT_REMOVEDIR) == 0)
      removed_ = true;
    else if (before == remains_.count)
      remains(path_, name, errno);
  }

  void remains(const std::string& folder, std::string_view name, int code) {
    if (remains_.count++ > 0) return;
    remains_.first = folder;
    remains_.first.append("/").append(name);
    remains_.code = code;
  }

  int top_;
  const std::string& path_;
  Deadline limit_ = Deadline::after(kLimit);
  std::vector<std::string> moved_;  // below the top, to be cleared
  unsigned long number_ = 0;
  bool removed_ = false;
  Remains remains_;
};

}  // namespace

Remains clear_folder(int fd, const std::string& path) {
  return Clearing(fd, path).run();
}

}  // namespace base
