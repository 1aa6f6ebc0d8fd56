// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "emulator/environment/function.h"
#include "emulator/environment/pool.h"
#include "emulator/http/http_server.h"

namespace emulator {

struct InvokeApiOptions {
  Function function;
  bool any_name = true;  ///< false: only Function::name is known
};

/// The Invoke API 2015-03-31 as AWS SDKs speak it: every call goes to `pool` (borrowed: it outlives the
/// server). A synchronous call blocks until it is served. GET /ping answers "pong".
HttpHandler invoke_api(InvokeApiOptions options, Pool& pool);

/// How a server for it listens: requests that are not admitted are refused in SDKs' terms.
ServerOptions invoke_api_options();

}  // namespace emulator
