// SPDX-License-Identifier: Apache-2.0
#include "proc/foreign_descriptor.h"

#include "base/unique_fd.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

namespace proc {

bool has_descriptor(pid_t process, int number) {
  char path[48];
  char target[8];
  std::snprintf(path, sizeof path, "/proc/%d/fd/%d", process, number);
  return ::readlink(path, target, sizeof target) >= 0;
}

bool is_switched(pid_t process, int number) {
  char path[48];
  char text[64] = {};
  std::snprintf(path, sizeof path, "/proc/%d/fdinfo/%d", process, number);
  const base::UniqueFd file(::open(path, O_RDONLY | O_CLOEXEC));
  unsigned flags = 0;
  const bool known = file.valid() && ::read(file.get(), text, sizeof text - 1) > 0 &&
                     std::sscanf(text, "pos: %*u flags: %o", &flags) == 1;
  return known && (flags & (O_NONBLOCK | O_DIRECT | O_APPEND)) != 0;
}

}  // namespace proc
