// SPDX-License-Identifier: Apache-2.0
#include "proc/setup/core_limit.h"

#include <sys/resource.h>

namespace proc {

void leave_no_core_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_CORE, &limit) != 0) return;
  limit.rlim_cur = 0;
  ::setrlimit(RLIMIT_CORE, &limit);
}

}  // namespace proc
