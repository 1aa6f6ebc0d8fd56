// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/client/runtime_client.h"
#include "handler/runner/runner.h"
#include "runtime/answer/cgi_task.h"
#include "runtime/answer/streamed_answer.h"
#include "runtime/call/outcome.h"
#include "runtime/call/schedule.h"
#include "runtime/log/account.h"

#include <vector>

namespace runtime {

struct Shared;

/// One invocation whose answer is sent while it is produced. Everything is borrowed for the time of the call.
class StreamedCall {
 public:
  StreamedCall(api::RuntimeClient& client, handler::Runner& runner, const Shared& shared,
               const api::Invocation& invocation, const Schedule& schedule);

  struct Result {
    Outcome outcome;
    bool posted;  ///< false: an error before the first byte, which is still to be posted as any other
  };
  /// Runs the handler, ends the stream and logs what the Runtime API did not take. A stream that broke ends
  /// the handler and counts as a success: there is nobody left to report an error to. What it took goes to
  /// `account`.
  Result run(Account& account);

 private:
  [[nodiscard]] Facts facts(const proc::RunResult& run, std::vector<std::string> stderr_lines) const;
  Result judge_and_finish(const proc::RunResult& run, std::vector<std::string> stderr_lines);
  Result finish_without_running(const CgiAnswer& answer);
  Outcome judge_output(const proc::RunResult& run, std::vector<std::string> stderr_lines);
  void check(const api::Posted& posted, bool broke_off);
  void log_cause(const std::string& cause);

  handler::Runner& runner_;
  const Shared& shared_;
  const api::Invocation& invocation_;
  const Schedule& schedule_;
  const std::variant<PlainEvent, CgiTask, CgiAnswer> task_;
  StreamedAnswer answer_;
};

}  // namespace runtime
