// SPDX-License-Identifier: Apache-2.0
#include "proc/setup/seclusion.h"

#include <sys/prctl.h>

namespace proc {

void shut_others_out() {
  ::prctl(PR_SET_DUMPABLE, 0);
}

}  // namespace proc
