// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/connection/response_head.h"
#include "api/connection/socket_io.h"

#include <string>

namespace api {

/// Receives until `head` is complete. False: the connection broke, the time is up, or `head` gave up; what
/// has come of it stays in there.
bool receive_head(SocketIo& io, ResponseHead& head);

/// Why `head` is not complete, in words.
std::string failure_of(const SocketIo& io, const ResponseHead& head);

}  // namespace api
