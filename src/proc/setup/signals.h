// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"
#include "base/io/unique_fd.h"

#include <initializer_list>

namespace proc {

/// Whether whoever started this process made it ignore `signal`, as nohup(1) does with SIGHUP.
bool is_ignored(int signal);

/// Signals as data: blocked in every thread and read from a descriptor, so that no handler ever runs.
/// Construct in main before the first thread; threads started later inherit the mask. Children get an empty
/// mask and default dispositions whatever this does.
class SignalQueue {
 public:
  /// Blocks all of `signals` (and SIGPIPE, so that a reader that left shows up as EPIPE, and SIGCHLD, which
  /// somebody may queue later) in the calling thread.
  explicit SignalQueue(std::initializer_list<int> signals);

  /// Readable while a signal waits.
  [[nodiscard]] int fd() const { return fd_.get(); }

  /// One waits now.
  [[nodiscard]] bool waits() const;

  /// Blocks until a signal arrives or `limit` passes; the signal's number, 0 after the limit.
  int wait_until(base::Deadline limit);

 private:
  base::UniqueFd fd_;
};

/// From now on no signal ends or stops this process but KILL and STOP, and those that somebody else takes:
/// what is blocked by now (see SignalQueue), and what has a handler. Faults of this process itself end it as
/// ever: the kernel enforces that. In main, before the first thread and the first child. Children get every
/// default back as they do anyway.
void refuse_other_signals();

}  // namespace proc
