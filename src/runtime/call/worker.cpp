// SPDX-License-Identifier: Apache-2.0
#include "runtime/call/worker.h"

#include "runtime/answer/exchange.h"
#include "runtime/answer/streams.h"
#include "runtime/call/outcome.h"
#include "runtime/call/streamed_call.h"
#include "runtime/log/call_report.h"

#include <exception>
#include <optional>
#include <thread>
#include <utility>

namespace runtime {
namespace {

// Some local emulators answer 204 when there is no event; this keeps their poll from becoming a spin.
constexpr auto kPauseWithoutEvent = std::chrono::milliseconds(100);
// For the error of an invocation that could not be served.
constexpr auto kLastWords = std::chrono::seconds(1);

Facts facts_of(const Shared& shared, const Schedule& schedule, const Streams& streams) {
  Facts facts;
  facts.success = shared.settings.success;
  facts.every_end = shared.settings.response_format == ResponseFormat::result;
  facts.handler = shared.handler_name;
  facts.allotted = schedule.allotted;
  facts.answer_size = streams.answer().written() + streams.kept_stderr().written();
  facts.answer_limit = api::largest_response();
  return facts;
}

// Never of a CGI response or in place of a result; what is too large is an answer, and its size says why.
bool output_may_say_why(const proc::RunResult& run, const std::string& answer, const Settings& settings) {
  const auto format = settings.response_format;
  if (format == ResponseFormat::cgi || format == ResponseFormat::result) return false;
  if (std::holds_alternative<proc::Refused>(run.ending)) return false;
  const api::FunctionError any{api::ErrorType::Known::internal, {}, {}, {}};
  return !api::error_by_handler(answer, any).has_value();
}

void add_failure_facts(Facts& facts, const proc::RunResult& run, const Streams& streams,
                       const Settings& settings) {
  facts.answer = streams.small_answer();
  if (!settings.error_stderr) return;
  facts.last_lines = streams.last_stderr_lines();
  if (!facts.last_lines.empty() || !output_may_say_why(run, facts.answer, settings)) return;
  facts.last_lines = streams.last_stdout_lines();
  facts.lines_of_stdout = !facts.last_lines.empty();
}

}  // namespace

Worker::Worker(api::RuntimeClient client, handler::Runner& runner, Shared shared)
    : client_(std::move(client)), runner_(runner), shared_(shared) {}

Worker::End Worker::serve() {
  for (;;) {
    auto next = client_.next();
    if (const auto* invocation = std::get_if<api::Invocation>(&next)) {
      serve(*invocation);
      continue;
    }
    if (auto* lost = std::get_if<api::Lost>(&next)) return std::move(*lost);
    if (auto* stopped = std::get_if<api::Stopped>(&next)) {
      log_dropped(stopped->dropped);
      return std::move(*stopped);
    }
    if (const auto* bad = std::get_if<api::BadEvent>(&next)) log_dropped(bad->reason);
    std::this_thread::sleep_for(kPauseWithoutEvent);
  }
}

void Worker::log_dropped(const std::string& reason) {
  if (!reason.empty()) shared_.logger.error("an event was dropped: " + reason);
}

// No handler's doing (no memory, no threads): whoever called shall not wait for the deadline.
void Worker::serve(const api::Invocation& invocation) try {
  serve_once(invocation);
} catch (const std::exception& error) {
  const api::FunctionError internal{
      api::ErrorType::Known::internal, shared_.handler_name + " could not be run: " + error.what(), {}, {}};
  post_failure(invocation, internal, base::Deadline::after(kLastWords));
  throw;
}

void Worker::serve_once(const api::Invocation& invocation) {
  const auto schedule = plan_schedule(invocation.deadline, base::unix_now(), shared_.settings);
  if (auto kept = kept_.take_for(invocation))
    return post_again(invocation, *std::move(kept), schedule.service_deadline);
  Account account{.who = {invocation.request_id, invocation.tenant_id}, .bytes_in = invocation.event.size()};
  if (schedule.already_late) {
    const auto error = too_late_to_start(shared_.handler_name);
    post(invocation, error, base::Deadline::never());
    account.note(error);
    return report(account, shared_.settings, shared_.logger);
  }
  const bool streams = shared_.settings.invoke_mode == InvokeMode::stream;
  const auto outcome =
      streams ? run_streamed(invocation, schedule, account) : run(invocation, schedule, account);
  account.note(runner_.settle());
  if (const auto* error = std::get_if<api::FunctionError>(&outcome)) account.note(*error);
  report(account, shared_.settings, shared_.logger);
}

Outcome Worker::run(const api::Invocation& invocation, const Schedule& schedule, Account& account) {
  Exchange exchange(shared_.settings, shared_.handler_name, shared_.logger, invocation);
  if (auto early = exchange.take_early_answer())
    return answer(invocation, *std::move(early), schedule.service_deadline);

  Streams streams(shared_.settings.answer_fd, api::largest_response(), shared_.logger, account.who);
  if (shared_.settings.answer_in_memory) streams.put_answer_in_memory();
  if (shared_.settings.response_format == ResponseFormat::result) streams.keep_stderr();
  handler::Call call{invocation, schedule.terminate_at, schedule.kill_at, shared_.stop_fd, streams.outputs()};
  call.answer = streams.file_answer();
  exchange.add_to(call);
  const auto result = runner_.run(call);
  streams.finish();
  account.note(result);
  client_.measured(result.usage.peak_memory_kib);
  account.bytes_out = streams.answer().written();

  auto facts = facts_of(shared_, schedule, streams);
  if (!succeeded(result, facts.success)) add_failure_facts(facts, result, streams, shared_.settings);
  auto outcome = judge(result, facts);
  const auto* error = std::get_if<api::FunctionError>(&outcome);
  if (error == nullptr) return answer(invocation, exchange.shape(result, streams), schedule.service_deadline);
  post(invocation, *error, schedule.service_deadline);
  streams.log_stderr_answer();
  if (facts.lines_of_stdout) streams.log_stdout_answer();
  return outcome;
}

// What the handler answered may still be none in its format.
Outcome Worker::answer(const api::Invocation& invocation, Answer answer, base::Deadline limit) {
  const auto* error = std::get_if<api::FunctionError>(&answer);
  Outcome outcome = error != nullptr ? Outcome(*error) : Outcome(Succeeded{});
  post(invocation, std::move(answer), limit);
  return outcome;
}

Outcome Worker::run_streamed(const api::Invocation& invocation, const Schedule& schedule, Account& account) {
  auto [outcome, posted] = StreamedCall(client_, runner_, shared_, invocation, schedule).run(account);
  if (!posted) post(invocation, std::get<api::FunctionError>(outcome), schedule.service_deadline);
  return std::move(outcome);
}

// Without a status nobody knows whether the answer arrived: the next event will tell.
void Worker::post(const api::Invocation& invocation, Answer answer, base::Deadline limit) {
  const auto* error = std::get_if<api::FunctionError>(&answer);
  const auto posted = error != nullptr ? post_failure(invocation, *error, limit)
                                       : client_.post_response(invocation, std::get<base::Spool>(answer),
                                                               shared_.settings.content_type, limit);
  check(posted, invocation);
  if (posted.status == 0) kept_.keep(invocation, std::move(answer));
}

// The pause keeps an API that drops every answer and repeats its event from becoming a spin.
void Worker::post_again(const api::Invocation& invocation, Answer answer, base::Deadline limit) {
  shared_.logger.warn("RequestId: " + invocation.request_id +
                          " the same event came back, so its answer had been lost: it is sent once more",
                      invocation.request_id);
  std::this_thread::sleep_for(kPauseWithoutEvent);
  post(invocation, std::move(answer), limit);
}

api::Posted Worker::post_failure(const api::Invocation& invocation, const api::FunctionError& error,
                                 base::Deadline limit) {
  const auto cause = invocation.is_sampled() ? error.xray_cause(shared_.directory) : std::string();
  return client_.post_error(invocation, error, cause, limit);
}

// A refused answer is one failed invocation, no more: the environment stays, and it is not posted again.
void Worker::check(const api::Posted& posted, const api::Invocation& invocation) {
  if (posted.accepted()) return;
  shared_.logger.warn(
      "RequestId: " + invocation.request_id + " the answer was not accepted: " + posted.reason,
      invocation.request_id);
}

}  // namespace runtime
