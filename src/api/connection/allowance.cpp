// SPDX-License-Identifier: Apache-2.0
#include "api/connection/allowance.h"

#include <poll.h>

#include <array>
#include <cerrno>

namespace api {

void Allowance::note_hurry() {
  hurried_ = true;
  limit_ = base::Deadline::earlier_of(limit_, base::Deadline::after(hurry_.patience));
  hurry_.fd = -1;
}

bool Allowance::used_up() {
  pollfd hurry{hurry_.fd, POLLIN, 0};
  if (hurry.fd >= 0 && ::poll(&hurry, 1, 0) > 0) note_hurry();
  return limit_.passed();
}

short Allowance::wait_for(int fd, short events) {
  for (;;) {
    std::array<pollfd, 2> polled{{{fd, events, 0}, {hurry_.fd, POLLIN, 0}}};
    const int count = ::poll(polled.data(), polled.size(), limit_.poll_timeout());
    if (count > 0 && polled[1].revents != 0) note_hurry();
    if (count > 0 && polled[0].revents != 0) return polled[0].revents;
    if (count < 0 && errno != EINTR) return 0;  // refused: nobody could wait here
    if (limit_.passed()) return 0;              // else a hurry, or a poll that was cut into pieces
  }
}

}  // namespace api
