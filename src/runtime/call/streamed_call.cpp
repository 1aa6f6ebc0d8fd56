// SPDX-License-Identifier: Apache-2.0
#include "runtime/call/streamed_call.h"

#include "event/http/envelope.h"
#include "runtime/call/worker.h"
#include "runtime/log/log_stream.h"

#include <unistd.h>

#include <utility>

namespace runtime {
namespace {

std::vector<proc::Output> outputs(int answer_fd, StreamedAnswer& answer, LogStream& stdout_log,
                                  LogStream& stderr_log) {
  if (answer_fd == STDOUT_FILENO) return {{STDOUT_FILENO, &answer, 0, true}, {STDERR_FILENO, &stderr_log}};
  return {{STDOUT_FILENO, &stdout_log}, {STDERR_FILENO, &stderr_log}, {answer_fd, &answer, 0, true}};
}

using Task = std::variant<PlainEvent, CgiTask, CgiAnswer>;

Task task_of(const api::Invocation& invocation, const Settings& settings) {
  if (settings.response_format != ResponseFormat::cgi) return PlainEvent{};
  return begin_cgi(invocation.event, settings.cgi);
}

std::string_view content_type_of(const Task& task, const Settings& settings) {
  return std::holds_alternative<PlainEvent>(task) ? std::string_view(settings.content_type)
                                                  : api::streamed_http_type();
}

std::optional<CgiPrelude> prelude_of(const Task& task, const Settings& settings) {
  const auto* request = std::get_if<CgiTask>(&task);
  if (request == nullptr) return std::nullopt;
  return std::optional<CgiPrelude>(std::in_place, request->source, request->method, settings.body_type);
}

// Of an answer of our own in the format of a buffered one.
int status_in(const base::Spool& envelope) {
  const auto text = envelope.text();
  const auto parsed = text ? event::parse_envelope(*text, event::HttpSource::http_2_0) : text.error();
  return parsed ? parsed->head.status : 500;
}

}  // namespace

StreamedCall::StreamedCall(api::RuntimeClient& client, handler::Runner& runner, const Shared& shared,
                           const api::Invocation& invocation, const Schedule& schedule)
    : runner_(runner),
      shared_(shared),
      invocation_(invocation),
      schedule_(schedule),
      task_(task_of(invocation, shared.settings)),
      answer_([this,
               &client] { return client.open_stream(invocation_, content_type_of(task_, shared_.settings)); },
              api::largest_streamed_response(), prelude_of(task_, shared.settings)) {}

StreamedCall::Result StreamedCall::run(Account& account) {
  if (const auto* early = std::get_if<CgiAnswer>(&task_)) return finish_without_running(*early);
  base::LogBudget budget;
  LogStream stdout_log(shared_.logger, account.who, &budget);
  LogStream stderr_log(shared_.logger, account.who, &budget);
  const auto streams = outputs(shared_.settings.answer_fd, answer_, stdout_log, stderr_log);
  handler::Call call{invocation_, schedule_.terminate_at, schedule_.kill_at, shared_.stop_fd, streams};
  if (const auto* request = std::get_if<CgiTask>(&task_)) {
    call.variables = request->variables;
    call.body = &request->body;
  }
  const auto result = runner_.run(call);
  stdout_log.finish();
  stderr_log.finish();
  account.note(result);
  account.bytes_out = answer_.written();
  return judge_and_finish(result, stderr_log.tail().lines());
}

StreamedCall::Result StreamedCall::judge_and_finish(const proc::RunResult& run,
                                                    std::vector<std::string> stderr_lines) {
  const bool broke_off = answer_.broken();
  auto outcome = broke_off ? Outcome(Succeeded{}) : judge_output(run, std::move(stderr_lines));
  const auto* error = std::get_if<api::FunctionError>(&outcome);
  if (error != nullptr && !answer_.begun()) return {std::move(outcome), false};
  check(answer_.finish(error, schedule_.service_deadline), broke_off);
  return {std::move(outcome), true};
}

// What is no CGI response was answered with a 502, and the handler ended for it.
Outcome StreamedCall::judge_output(const proc::RunResult& run, std::vector<std::string> stderr_lines) {
  auto outcome = answer_.fault().empty() ? judge(run, facts(run, std::move(stderr_lines))) : Succeeded{};
  if (std::holds_alternative<Succeeded>(outcome)) answer_.end_output();
  if (const auto fault = answer_.fault(); !fault.empty())
    log_cause("the output is no CGI response: " + fault);
  return outcome;
}

StreamedCall::Result StreamedCall::finish_without_running(const CgiAnswer& answer) {
  log_cause(answer.cause);
  if (const auto* error = std::get_if<api::FunctionError>(&answer.answer)) return {*error, false};
  answer_.send(own_stream(status_in(std::get<base::Spool>(answer.answer)), event::HttpSource::http_2_0));
  const bool broke_off = answer_.broken();
  check(answer_.finish(nullptr, schedule_.service_deadline), broke_off);
  return {Succeeded{}, true};
}

void StreamedCall::log_cause(const std::string& cause) {
  if (cause.empty()) return;
  shared_.logger.error("RequestId: " + invocation_.request_id + " " + shared_.handler_name + ": " + cause,
                       invocation_.request_id);
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
  if (shows_lines) facts.last_lines = std::move(stderr_lines);
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
