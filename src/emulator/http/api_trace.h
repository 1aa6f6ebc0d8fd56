// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/log/logger.h"
#include "emulator/http/http_server.h"

namespace emulator {

/// `inner`, with every request and every response told to `logger` (borrowed): method, path, status, headers
/// and sizes. Bodies are payload and stay out.
HttpHandler traced(HttpHandler inner, base::Logger& logger);

}  // namespace emulator
