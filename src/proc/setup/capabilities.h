// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <optional>

namespace proc {

/// Who needs a system call.
enum class Need {
  children,    ///< everybody: to start a program, to wait for it, to end it, and to give it its event
  threads,     ///< who starts threads
  warm_shell,  ///< who has a shell that forks
};

/// A system call that the kernel does not know, or that a filter in front of it (seccomp) refuses.
struct RefusedCall {
  const char* call;     ///< as the kernel's manual spells it
  const char* purpose;  ///< "to ..."
  int code;             ///< errno
};

/// Makes each call that is needed once, most of them with arguments that the kernel turns down, so that
/// nothing changes; one child, which ends at once, is started for vfork. The first that is refused, nullopt:
/// none. Found out before there is an event, because afterwards it would cost each call its answer. Takes
/// some 50 µs, nearly all of them for the child.
std::optional<RefusedCall> find_refused_call(Need need);

/// Whether /proc shows the children of a process; else the call that cannot be made, with its errno. Without
/// it what a child has left running in a session of its own is not found.
base::Status can_list_children();

}  // namespace proc
