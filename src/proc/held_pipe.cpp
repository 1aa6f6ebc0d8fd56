// SPDX-License-Identifier: Apache-2.0
#include "proc/held_pipe.h"

#include <poll.h>

namespace proc {

bool is_still_held(int read_end, base::Deadline patience) {
  pollfd polled{read_end, POLLIN, 0};
  while (::poll(&polled, 1, patience.poll_timeout()) < 0) continue;  // a signal
  return (polled.revents & POLLIN) != 0 || polled.revents == 0;
}

}  // namespace proc
