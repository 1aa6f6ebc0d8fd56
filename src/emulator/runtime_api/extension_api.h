// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "emulator/http/http_server.h"

namespace emulator {

/// Answers, in front of `inner`, the Extensions API 2020-01-01 as far as an internal extension without events
/// needs it: its registration, and the wait for an event that never comes. An extension that wants events is
/// refused.
HttpHandler with_extensions(HttpHandler inner);

}  // namespace emulator
