// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/invocation.h"
#include "base/deadline.h"
#include "handler/child_environment.h"
#include "proc/run.h"

#include <span>
#include <vector>

namespace handler {

/// One invocation, as a runner sees it. Everything is borrowed for the time of the call.
struct Call {
  const api::Invocation& invocation;
  base::Deadline terminate_at;
  base::Deadline kill_at;
  int stop_fd;                               ///< readable: the environment is shut down
  const std::vector<proc::Output>& outputs;  ///< 1, 2 and, where the answer has a descriptor of its own, that
  std::span<const Variable> variables{};     ///< beside those of the invocation's headers
  const std::vector<std::string>* arguments = nullptr;  ///< of a program, in place of its own
  const base::MemoryFile* body = nullptr;  ///< standard input in place of the event: a CGI request's body

  /// Read from its start.
  [[nodiscard]] const base::MemoryFile& input() const { return body != nullptr ? *body : invocation.event; }
};

/// Runs invocations of one handler, one after the other. The one interface of this room: programs, warm
/// shells, decorators, and fakes in tests.
class Runner {
 public:
  virtual ~Runner() = default;

  /// Blocks until the invocation has ended; failures of the handler are data in the result.
  virtual proc::RunResult run(const Call& call) = 0;

  /// After the answer is out and before the next event is asked for: ends what the invocation has left
  /// running, and does what else can wait until then. How many processes were ended. Blocks for a moment.
  virtual std::size_t settle() = 0;
};

}  // namespace handler
