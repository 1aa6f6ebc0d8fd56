// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"
#include "proc/tree/process_tree.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

namespace support {

/// For tests whose processes would outlive a bootstrap that failed: all that is below this process ends with
/// the object, also what hid in other sessions, and what was stopped but not killed yet. Declare it first.
class OrphanEnd {
 public:
  OrphanEnd() { ::prctl(PR_SET_CHILD_SUBREAPER, 1); }
  OrphanEnd(const OrphanEnd&) = delete;
  OrphanEnd& operator=(const OrphanEnd&) = delete;
  ~OrphanEnd() {
    const auto nobody = [](pid_t) { return false; };
    proc::end_below(::getpid(), nobody, base::Deadline::after(std::chrono::seconds(10)));
    while (::waitpid(-1, nullptr, WNOHANG) > 0) continue;
  }
};

}  // namespace support
