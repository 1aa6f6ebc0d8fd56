// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/connection/endpoint.h"
#include "base/result.h"

#include <string>

namespace api {

/// Registers this process as an internal extension that wants no events: the service then sends SIGTERM
/// before it ends the environment, instead of SIGKILL at once. Before the first event is asked for. Blocks
/// two seconds at most, and no longer than until `stop_fd`, borrowed, is readable. The identifier that the
/// service has given, or why there is none.
base::Result<std::string> register_extension(const Endpoint& endpoint, int stop_fd);

/// Asks for the next event of an extension, on a connection of its own: an extension that does not is never
/// ready, and neither is the environment. Blocks for the life of the environment, until `stop_fd`, borrowed,
/// is readable. The error: the service refused (`code` is the status), or the connection was lost (0).
base::Status await_extension_event(const Endpoint& endpoint, const std::string& identifier, int stop_fd);

}  // namespace api
