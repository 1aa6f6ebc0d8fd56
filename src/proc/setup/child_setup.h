// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace proc {

/// What a child does to itself between vfork and exec, besides its descriptors. All of it is
/// async-signal-safe and changes no memory, which is still the parent's. Private to this room. The name of
/// the call that failed (errno says why), or nullptr.

/// A process group of its own, death with the thread that started it, and adoption of its own orphans, which
/// survives exec. Does not return when `parent` has died already: the kernel would never send the signal any
/// more.
const char* take_place_under(pid_t parent);

const char* enter_directory(const char* path);

/// A set of signals; the lowest bit is signal 1, as the kernel counts.
using SignalBits = std::uint64_t;

/// The real-time signals that this process ignores, found out once, at the first call: because whoever
/// started us ignored them, or, of the C library's two, since refuse_other_signals(). Asking again for each
/// child, or resetting all 33 of them in each, took a hundredth of a run (spawn_bench).
SignalBits inherited_ignored_real_time();

/// Every disposition default (of the real-time signals those in `real_time`), then an empty mask: in this
/// order, or a handler of the parent could run here. exec resets handlers by itself, but what the parent
/// ignores would stay ignored.
const char* reset_signals(SignalBits real_time);

/// In the parent: has this process ignore a signal that has its default action, be it one of those that the C
/// library keeps for itself.
void ignore_unless_handled(int signal);

}  // namespace proc
