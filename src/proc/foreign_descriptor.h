// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <optional>

namespace proc {

/// Of another process's descriptors, as /proc tells it; false, too, where it may not be looked at. Private to
/// this room.
bool has_descriptor(pid_t process, int number);

/// Which file or pipe it is: the ends of a pipe are the same.
struct FileIdentity {
  dev_t device;
  ino_t inode;

  bool operator==(const FileIdentity&) const = default;
};
/// Of a descriptor of ours; nullopt: it is none.
std::optional<FileIdentity> identity_of(int fd);

/// It has that one open, as whatever descriptor.
bool has_open(pid_t process, FileIdentity file);

/// Undoes what a program has switched of how its pipe is written to: O_NONBLOCK, O_DIRECT or O_APPEND, which
/// all who have the same open file description share. False: they are switched, or may be, and that cannot be
/// undone.
bool make_plain(pid_t process, int pidfd, int number);

}  // namespace proc
