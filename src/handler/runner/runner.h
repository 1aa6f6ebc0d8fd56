// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/wire/invocation.h"
#include "base/deadline.h"
#include "handler/runner/child_environment.h"
#include "handler/spec/spec.h"
#include "proc/run/run.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
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
  const std::string* directory = nullptr;  ///< where a program starts, in place of its own
  proc::ByteSink* answer = nullptr;        ///< of a program whose answer is a file: where its bytes go

  /// Read from its start.
  [[nodiscard]] const base::MemoryFile& input() const { return body != nullptr ? *body : invocation.event; }
};

/// A hook, as a runner sees it: once, in whatever it keeps warm itself, so that what is set there stays.
struct WarmHook {
  std::string name;          ///< for messages
  std::string function;      ///< of the handler's file; empty: none is called
  bool restored = false;     ///< this is one of several copies: chance must not be the same in each
  api::ErrorType failure;    ///< of the problem
  base::Deadline limit;      ///< when it is ended
  bool shows_stderr = true;  ///< in the problem
};

/// What was found when an invocation was over.
struct Settled {
  std::size_t ended = 0;  ///< processes that it had left running, and that were ended
  bool held = false;      ///< others had the output open that is to be whole, or wrote to it
};

/// Runs invocations of one handler, one after the other. The one interface of this room: programs, warm
/// shells, decorators, and fakes in tests.
class Runner {
 public:
  virtual ~Runner() = default;

  /// Blocks until the invocation has ended; failures of the handler are data in the result.
  virtual proc::RunResult run(const Call& call) = 0;

  /// After the answer is out and before the next event is asked for: ends what the invocation has left
  /// running, and does what else can wait until then. Blocks for a moment.
  virtual Settled settle() = 0;

  /// Between two calls. Blocks until the hook has ended. A runner that keeps nothing warm has nothing to do.
  virtual std::optional<InitProblem> run_hook(const WarmHook&) { return std::nullopt; }
};

}  // namespace handler
