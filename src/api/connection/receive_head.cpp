// SPDX-License-Identifier: Apache-2.0
#include "api/connection/receive_head.h"

namespace api {

bool receive_head(SocketIo& io, ResponseHead& head) {
  for (char byte = 0; !head.complete();)
    if (!head.fault().empty() || io.receive(&byte, 1) != 1 || !head.take(byte)) return false;
  return true;
}

std::string failure_of(const SocketIo& io, const ResponseHead& head) {
  return head.fault().empty() ? io.failure() : std::string(head.fault());
}

}  // namespace api
