// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/log/logger.h"
#include "emulator/http/http_server.h"

namespace emulator {

/// Tells of each request once `inner` has answered it, of a streamed answer once it has begun: method, path
/// as it came, status and, where the answer has one, its request id. Never the query, which may hold secrets.
HttpHandler with_access_log(HttpHandler inner, base::Logger& logger);

}  // namespace emulator
