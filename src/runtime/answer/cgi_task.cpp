// SPDX-License-Identifier: Apache-2.0
#include "runtime/answer/cgi_task.h"

#include "base/io/memory_view.h"
#include "event/cgi/cgi_header_parser.h"
#include "event/http/envelope.h"
#include "event/http/http_event.h"

#include <utility>

namespace runtime {
namespace {

using api::ErrorType;
using api::FunctionError;

constexpr int kBadGateway = 502;

FunctionError error(ErrorType::Known type, std::string message) {
  return {type, std::move(message), {}, std::nullopt};
}

Answer answer_of(base::Result<base::Spool> envelope) {
  if (!envelope) return error(ErrorType::Known::internal, envelope.error().message);
  return *std::move(envelope);
}

CgiAnswer lost(const base::Error& reason) {
  return {error(ErrorType::Known::internal, reason.message), {}};
}

std::vector<handler::Variable> to_variables(event::MetaVariables meta) {
  std::vector<handler::Variable> variables;
  variables.reserve(meta.size());
  for (auto& one : meta) variables.push_back({std::move(one.name), std::move(one.value)});
  return variables;
}

std::variant<PlainEvent, CgiTask, CgiAnswer> task_of(event::HttpRequest request,
                                                     const event::CgiOptions& options) {
  auto meta = event::cgi_variables(request, options);
  if (const auto* refused = std::get_if<event::RefusedRequest>(&meta))
    return CgiAnswer{own_response(refused->status, request.source),
                     "the request is refused: " + refused->cause};
  auto body = std::move(request.body).into_file();
  if (!body) return lost(body.error());
  return CgiTask{request.source, std::move(request.method),
                 to_variables(std::get<event::MetaVariables>(std::move(meta))), *std::move(body)};
}

}  // namespace

std::variant<PlainEvent, CgiTask, CgiAnswer> begin_cgi(const base::MemoryFile& event,
                                                       const event::CgiOptions& options) {
  const auto view = base::MemoryView::of(event);
  if (!view) return lost(view.error());
  auto parsed = event::parse_http_event(view->bytes());
  if (std::holds_alternative<event::NotHttp>(parsed)) return PlainEvent{};
  if (const auto* malformed = std::get_if<event::MalformedEvent>(&parsed))
    return CgiAnswer{error(ErrorType::Known::invalid_event,
                           "the event looks like an HTTP request, but " + malformed->cause),
                     {}};
  return task_of(std::get<event::HttpRequest>(std::move(parsed)), options);
}

CgiAnswer finish_cgi(const CgiTask& task, const base::Spool& output, const std::string& untyped) {
  const auto parsed = event::parse_cgi_head(output, untyped);
  if (const auto* malformed = std::get_if<event::CgiHeaderParser::Malformed>(&parsed))
    return {own_response(kBadGateway, task.source), "the output is no CGI response: " + malformed->cause};
  const auto& [head, start] = std::get<event::CgiHeaderParser::Complete>(parsed);
  const auto offset = event::allows_body(task.method, head.status) ? start : output.size();
  return {answer_of(event::to_envelope(head, output, offset, task.source)), {}};
}

Answer own_response(int status, event::HttpSource source) {
  base::Spool body;
  const auto text = std::to_string(status) + " " + std::string(event::reason_of(status)) + "\n";
  if (const auto kept = body.append(text); !kept) return answer_of(kept.error());
  const event::ResponseHead head{status, {}, {{"Content-Type", "text/plain; charset=utf-8"}}};
  return answer_of(event::to_envelope(head, body, 0, source));
}

}  // namespace runtime
