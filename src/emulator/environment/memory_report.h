// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "emulator/http/http_server.h"

#include <cstddef>
#include <functional>

namespace emulator {

/// The Runtime API `inner`, and each event asks the runtime for the memory of its call. Ours posts it with
/// the answer: `told` gets it, on the server's threads, before `inner` gets the answer. Other runtimes say
/// nothing, and neither does a streamed answer.
HttpHandler with_memory_reports(HttpHandler inner, std::function<void(std::size_t kib)> told);

}  // namespace emulator
