// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "emulator/broker/broker.h"
#include "emulator/http/http_server.h"

namespace emulator {

/// The routes of the Runtime API 2018-06-01, each a call of `broker` (borrowed: it outlives the server).
/// Restore routes answer 404, as where no snapshot is taken, unless `restores`: then a snapshot is restored
/// as soon as one may be taken, in the same process.
HttpHandler runtime_api(Broker& broker, bool restores = false);

/// How a server for it listens: streamed responses are read piece by piece, and requests that are not
/// admitted are refused in the API's terms.
ServerOptions runtime_api_options();

}  // namespace emulator
