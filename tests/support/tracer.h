// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/unique_fd.h"
#include "proc/child/child.h"

#include <sys/types.h>

#include <optional>

namespace support {

/// A process that belongs to neither side and traces one: what it holds `in_exit` survives every signal, and
/// of what it holds `as_zombie` nobody gets the status, until let_go(). To be made before a proc::Family,
/// which then takes it for one that was there before.
class Tracer {
 public:
  enum class Hold { in_exit, as_zombie };
  explicit Tracer(Hold hold);

  /// Blocks until it is held. False: the kernel does not do that (qemu-user).
  bool seize(pid_t pid);

  /// Ends it, so that what it holds goes on as the kernel would have it.
  void let_go();

 private:
  base::Pipe order_;
  base::Pipe answer_;
  std::optional<proc::Child> process_;
};

}  // namespace support
