// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/log/logger.h"
#include "emulator/environment/function.h"
#include "emulator/environment/pool.h"
#include "emulator/http/http_server.h"
#include "event/http/http.h"

namespace emulator {

struct FunctionUrlOptions {
  Function function;
  event::HttpSource source = event::HttpSource::http_2_0;  ///< whose events and answers
  bool break_on_disconnect = false;  ///< a client that leaves breaks the answer off, and so ends the handler
};

/// The function behind HTTP, as a Function URL or a gateway has it: every request becomes an event, and the
/// answer, streamed or not, the response. 413 for what does not fit into an event, 502 for errors and for
/// answers that are none, 504 for a timeout, 429 where too many calls wait. `pool` and `logger` are borrowed:
/// they outlive the server. For servers that keep bodies up to the largest event.
HttpHandler function_url(FunctionUrlOptions options, Pool& pool, base::Logger& logger);

}  // namespace emulator
