// SPDX-License-Identifier: Apache-2.0
#include "runtime/streamed_call.h"

#include "runtime/log_stream.h"
#include "runtime/worker.h"

#include <unistd.h>

#include <utility>

namespace runtime {
namespace {

std::vector<proc::Output> outputs(int answer_fd, StreamedAnswer& answer, LogStream& stdout_log,
                                  LogStream& stderr_log) {
  if (answer_fd == STDOUT_FILENO) return {{STDOUT_FILENO, &answer}, {STDERR_FILENO, &stderr_log}};
  return {{STDOUT_FILENO, &stdout_log}, {STDERR_FILENO, &stderr_log}, {answer_fd, &answer}};
}

}  // namespace

StreamedCall::StreamedCall(api::RuntimeClient& client, handler::Runner& runner, const Shared& shared,
                           const api::Invocation& invocation, const Schedule& schedule)
    : runner_(runner),
      shared_(shared),
      invocation_(invocation),
      schedule_(schedule),
      answer_([&client, &shared,
               &invocation] { return client.open_stream(invocation, shared.settings.content_type); },
              api::largest_streamed_response()) {}

StreamedCall::Result StreamedCall::run(Account& account) {
  base::LogBudget budget;
  LogStream stdout_log(shared_.logger, account.who, &budget);
  LogStream stderr_log(shared_.logger, account.who, &budget);
  const auto streams = outputs(shared_.settings.answer_fd, answer_, stdout_log, stderr_log);
  const auto result =
      runner_.run({invocation_, schedule_.terminate_at, schedule_.kill_at, shared_.stop_fd, streams});
  stdout_log.finish();
  stderr_log.finish();
  account.note(result);
  account.bytes_out = answer_.written();
  return judge_and_finish(result, stderr_log.last_lines());
}

StreamedCall::Result StreamedCall::judge_and_finish(const proc::RunResult& run,
                                                    std::vector<std::string> stderr_lines) {
  const bool broke_off = answer_.broken();
  auto outcome = broke_off ? Outcome(Succeeded{}) : judge(run, facts(run, std::move(stderr_lines)));
  const auto* error = std::get_if<api::FunctionError>(&outcome);
  if (error != nullptr && !answer_.begun()) return {std::move(outcome), false};
  check(answer_.finish(error, schedule_.service_deadline), broke_off);
  return {std::move(outcome), true};
}

// Of an answer that is on its way nothing is kept, so it cannot be an error object of the handler's own.
Facts StreamedCall::facts(const proc::RunResult& run, std::vector<std::string> stderr_lines) const {
  Facts facts;
  facts.success = shared_.settings.success;
  facts.handler = shared_.handler_name;
  facts.allotted = schedule_.allotted;
  facts.answer_size = answer_.written();
  facts.answer_limit = api::largest_streamed_response();
  const bool shows_lines = shared_.settings.error_stderr && !succeeded(run, facts.success);
  if (shows_lines) facts.stderr_lines = std::move(stderr_lines);
  return facts;
}

void StreamedCall::check(const api::Posted& posted, bool broke_off) {
  if (posted.accepted() && !broke_off) return;
  const auto reason = posted.accepted() ? "answered " + std::to_string(posted.status) : posted.reason;
  shared_.logger.warn("RequestId: " + invocation_.request_id +
                          (broke_off ? " the streamed answer broke off, so the handler was ended: "
                                     : " the answer was not accepted: ") +
                          reason,
                      invocation_.request_id);
}

}  // namespace runtime
