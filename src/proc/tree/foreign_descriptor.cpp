// SPDX-License-Identifier: Apache-2.0
#include "proc/tree/foreign_descriptor.h"

#include "base/io/unique_fd.h"
#include "proc/tree/process_tree.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdio>
#include <string>

namespace proc {
namespace {

constexpr int kSwitches = O_NONBLOCK | O_DIRECT | O_APPEND;

bool is_switched(pid_t process, int number) {
  char path[48];
  char text[64] = {};
  std::snprintf(path, sizeof path, "/proc/%d/fdinfo/%d", process, number);
  const base::UniqueFd file(::open(path, O_RDONLY | O_CLOEXEC));
  unsigned flags = 0;
  const bool known = file.valid() && ::read(file.get(), text, sizeof text - 1) > 0 &&
                     std::sscanf(text, "pos: %*u flags: %o", &flags) == 1;
  return known && (static_cast<int>(flags) & kSwitches) != 0;
}

}  // namespace

bool has_descriptor(pid_t process, int number) {
  char path[48];
  char target[8];
  std::snprintf(path, sizeof path, "/proc/%d/fd/%d", process, number);
  return ::readlink(path, target, sizeof target) >= 0;
}

bool has_open(pid_t process, FileIdentity file) {
  const auto folder = "/proc/" + std::to_string(process) + "/fd/";
  for (const int number : numbered_entries(folder.c_str())) {
    struct stat theirs {};
    if (::stat((folder + std::to_string(number)).c_str(), &theirs) != 0) continue;
    if (FileIdentity{theirs.st_dev, theirs.st_ino} == file) return true;
  }
  return false;
}

// A look at a borrowed copy costs less than one into /proc, which is there where nothing can be borrowed.
bool make_plain(pid_t process, int pidfd, int number) {
  const base::UniqueFd borrowed(static_cast<int>(::syscall(SYS_pidfd_getfd, pidfd, number, 0U)));
  if (!borrowed.valid()) return !is_switched(process, number);
  const int flags = ::fcntl(borrowed.get(), F_GETFL);
  return flags >= 0 && ((flags & kSwitches) == 0 || ::fcntl(borrowed.get(), F_SETFL, 0) == 0);
}

}  // namespace proc
