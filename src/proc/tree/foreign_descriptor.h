// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proc/tree/file_identity.h"

#include <sys/types.h>

namespace proc {

/// Of another process's descriptors, as /proc tells it; false, too, where it may not be looked at. Private to
/// this room.
bool has_descriptor(pid_t process, int number);

/// It has that one open, as whatever descriptor.
bool has_open(pid_t process, FileIdentity file);

/// Undoes what a program has switched of how its pipe is written to: O_NONBLOCK, O_DIRECT or O_APPEND, which
/// all who have the same open file description share. False: they are switched, or may be, and that cannot be
/// undone.
bool make_plain(pid_t process, int pidfd, int number);

}  // namespace proc
