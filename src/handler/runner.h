// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/invocation.h"
#include "base/deadline.h"
#include "proc/byte_sink.h"
#include "proc/run.h"

namespace handler {

/// One invocation, as a runner sees it. Everything is borrowed for the time of the call.
struct Call {
  const api::Invocation& invocation;
  base::Deadline terminate_at;
  base::Deadline kill_at;
  int stop_fd;             ///< readable: the environment is shut down
  proc::ByteSink& answer;  ///< bytes of the answer channel
  proc::ByteSink& log;     ///< bytes of every other channel
};

/// Runs invocations of one handler, one after the other. The one interface of this room: programs, warm shells,
/// decorators, and fakes in tests.
class Runner {
 public:
  virtual ~Runner() = default;

  /// Blocks until the invocation has ended; failures of the handler are data in the result.
  virtual proc::RunResult run(const Call& call) = 0;
};

}  // namespace handler
