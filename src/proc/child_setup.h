// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

namespace proc {

/// What a child does to itself between vfork and exec, besides its descriptors. All of it is
/// async-signal-safe and changes no memory, which is still the parent's. Private to this room. The name of
/// the call that failed (errno says why), or nullptr.

/// A process group of its own, death with the thread that started it, and adoption of its own orphans, which
/// survives exec. Does not return when `parent` has died already: the kernel would never send the signal any
/// more.
const char* take_place_under(pid_t parent);

const char* enter_directory(const char* path);

/// Every disposition default, then an empty mask: in this order, or a handler of the parent could run here.
/// exec resets handlers by itself, but what the parent ignores would stay ignored.
const char* reset_signals();

}  // namespace proc
