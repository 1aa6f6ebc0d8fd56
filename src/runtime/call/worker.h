// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/client/runtime_client.h"
#include "base/log/logger.h"
#include "handler/runner/runner.h"
#include "runtime/answer/kept_answer.h"
#include "runtime/answer/streams.h"
#include "runtime/call/outcome.h"
#include "runtime/call/schedule.h"
#include "runtime/log/account.h"
#include "runtime/settings/settings.h"

#include <string>
#include <variant>

namespace runtime {

/// What all workers of a process share. Borrowed; outlives every worker.
struct Shared {
  const Settings& settings;
  const std::string& handler_name;
  const std::string& directory;  ///< where handlers start
  base::Logger& logger;
  int stop_fd;  ///< readable: the environment is shut down
};

/// The loop of one worker: next event, run, one answer. It owns its connection and its runner and shares
/// nothing with other workers but the log; N workers are N objects on N threads.
class Worker {
 public:
  Worker(api::RuntimeClient client, handler::Runner& runner, Shared shared);

  /// The environment was shut down, or the Runtime API is lost for this reason.
  using End = std::variant<api::Stopped, api::Lost>;

  /// Serves invocations until there are no more to come. What a runner throws passes through, when the
  /// invocation has got an error.
  End serve();

 private:
  void serve(const api::Invocation& invocation);
  void serve_once(const api::Invocation& invocation);
  Outcome run(const api::Invocation& invocation, const Schedule& schedule, Account& account);
  Outcome answer(const api::Invocation& invocation, Answer answer, base::Deadline limit);
  Outcome run_streamed(const api::Invocation& invocation, const Schedule& schedule, Account& account);
  void post(const api::Invocation& invocation, Answer answer, base::Deadline limit);
  void post_again(const api::Invocation& invocation, Answer answer, base::Deadline limit);
  api::Posted post_failure(const api::Invocation& invocation, const api::FunctionError& error,
                           base::Deadline limit);
  void log_dropped(const std::string& reason);
  void check(const api::Posted& posted, const api::Invocation& invocation);

  api::RuntimeClient client_;
  handler::Runner& runner_;
  Shared shared_;
  KeptAnswer kept_;
};

}  // namespace runtime
