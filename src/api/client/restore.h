// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/client/runtime_client.h"
#include "api/connection/endpoint.h"

#include <variant>

namespace api {

/// This is one of the copies, and time has passed: minutes or weeks.
struct Restored {};
/// No snapshot is taken here, whatever the environment says: there is no such path.
struct NoSnapshot {};
using Restore = std::variant<Restored, NoSnapshot, Stopped, Lost>;

/// Tells the Runtime API that a snapshot may be taken, and blocks until this is a restored copy of it, for
/// ever if need be. On a connection of its own, which ends with it: no other one may be open meanwhile.
/// `stop_fd`, borrowed: once it is readable the answer is Stopped.
Restore await_restore(const Endpoint& endpoint, int stop_fd);

}  // namespace api
