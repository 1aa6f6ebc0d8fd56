// SPDX-License-Identifier: Apache-2.0
#include "runtime/answer/exchange.h"

#include "runtime/answer/answer_format.h"
#include "runtime/answer/result_answer.h"

#include <utility>

namespace runtime {

Exchange::Exchange(const Settings& settings, const std::string& handler, base::Logger& logger,
                   const api::Invocation& invocation)
    : settings_(settings), handler_(handler), logger_(logger), invocation_(invocation) {
  if (settings.response_format != ResponseFormat::cgi) return;
  auto begun = begin_cgi(invocation.event, settings.cgi);
  if (auto* task = std::get_if<CgiTask>(&begun)) cgi_.emplace(std::move(*task));
  if (auto* answer = std::get_if<CgiAnswer>(&begun)) {
    log(answer->cause);
    early_.emplace(std::move(answer->answer));
  }
}

std::optional<Answer> Exchange::take_early_answer() {
  return std::exchange(early_, std::nullopt);
}

void Exchange::add_to(handler::Call& call) const {
  if (!cgi_) return;
  call.variables = cgi_->variables;
  call.body = &cgi_->body;
}

Answer Exchange::shape(const proc::RunResult& run, Streams& streams) const {
  auto answer = settings_.response_format == ResponseFormat::result
                    ? result_answer(run, streams.answer().bytes(), streams.kept_stderr().bytes())
                    : in_format(streams.take_answer());
  const auto* bytes = std::get_if<base::Spool>(&answer);
  if (bytes == nullptr || bytes->size() <= api::largest_response()) return answer;
  return too_large_as_sent(handler_, bytes->size());
}

Answer Exchange::in_format(base::Spool output) const {
  if (!cgi_) return format_answer(settings_, handler_, std::move(output));
  auto finished = finish_cgi(*cgi_, output, settings_.body_type);
  log(finished.cause);
  return std::move(finished.answer);
}

void Exchange::log(const std::string& cause) const {
  if (cause.empty()) return;
  logger_.error("RequestId: " + invocation_.request_id + " " + handler_ + ": " + cause,
                invocation_.request_id);
}

}  // namespace runtime
