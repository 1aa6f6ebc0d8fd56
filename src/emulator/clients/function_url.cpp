// SPDX-License-Identifier: Apache-2.0
#include "emulator/clients/function_url.h"

#include "api/wire/wire.h"
#include "base/deadline.h"
#include "base/text/text.h"
#include "emulator/call/identifiers.h"
#include "emulator/clients/answer_reader.h"
#include "event/cgi/cgi_header_parser.h"
#include "event/http/envelope.h"
#include "event/http/http_event.h"

#include <array>
#include <memory>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

namespace emulator {
namespace {

constexpr std::size_t kLongestPrelude = std::size_t{64} * 1024;
constexpr auto kContentType = "Content-Type";
// Of a stream whose runtime says none: the Runtime API's own.
constexpr auto kStreamType = "application/octet-stream";

HttpResponse refusal(int status, std::string_view message) {
  const nlohmann::json body = {{"message", message}};
  return {status, {}, body.dump(), "application/json"};
}

HttpResponse too_large(std::size_t size) {
  return refusal(413, "the request is too large: its event would have " + std::to_string(size) +
                          " bytes, the limit is " + std::to_string(api::wire::kLargestEvent) +
                          " (binary bodies take a third more, as base64)");
}

HttpResponse failure(const Reply& reply) {
  if (std::holds_alternative<Cancelled>(reply)) return refusal(503, "Service Unavailable");
  if (std::holds_alternative<TimedOut>(reply)) return refusal(504, "Gateway Timeout");
  return refusal(502, "Internal Server Error");
}

// How a body is sent is the server's business.
bool is_of_the_connection(std::string_view name) {
  constexpr std::array<std::string_view, 4> kNames = {"Content-Length", "Transfer-Encoding", "Connection",
                                                      "Keep-Alive"};
  for (const auto known : kNames)
    if (base::equal_ignoring_case(name, known)) return true;
  return false;
}

HttpResponse response_from(const event::ResponseHead& head) {
  HttpResponse response;
  response.status = head.status;
  response.content_type.clear();
  for (const auto& [name, value] : head.headers) {
    if (base::equal_ignoring_case(name, kContentType))
      response.content_type = value;
    else if (!is_of_the_connection(name))
      response.headers.push_back({name, value});
  }
  return response;
}

base::Result<event::HttpRequest> request_from(const HttpRequest& source, event::HttpSource format) {
  event::HttpRequest request;
  request.source = format;
  request.method = source.method;
  const auto mark = source.target.find('?');
  request.path = source.target.substr(0, mark);
  if (mark != std::string::npos) request.query = source.target.substr(mark + 1);
  for (const auto& header : source.headers) request.headers.push_back({header.name, header.value});
  request.has_body = !source.body.empty() || !source.header("Content-Length").empty() ||
                     !source.header("Transfer-Encoding").empty();
  if (auto stored = request.body.append(source.body); !stored) return stored.error();
  request.source_ip = "127.0.0.1";
  request.protocol = "HTTP/1.1";
  request.domain = source.header("Host");
  request.https = false;
  return request;
}

class FunctionUrl {
 public:
  FunctionUrl(FunctionUrlOptions options, Pool& pool, base::Logger& logger)
      : options_(std::move(options)), pool_(pool), logger_(logger) {}

  HttpResponse answer(const HttpRequest& request) const {
    const auto id = new_request_id();
    auto response = call(request, id);
    response.headers.push_back({"x-amzn-RequestId", id});
    return response;
  }

 private:
  HttpResponse call(const HttpRequest& request, const std::string& id) const {
    if (!request.complete) return refusal(400, "the connection broke before the end of the request body");
    if (request.body_size > api::wire::kLargestEvent) return too_large(request.body_size);
    auto payload = payload_of(request, id);
    if (!payload) return fault("the request makes no event: " + payload.error().message, id);
    if (payload->size() > api::wire::kLargestEvent) return too_large(payload->size());
    auto pipe = std::make_shared<AnswerPipe>();
    auto served = pool_.submit(make_event(*std::move(payload), id, pipe));
    if (!served) return refusal(429, "Too Many Requests");
    const auto reader = std::make_shared<AnswerReader>(std::move(pipe), *std::move(served),
                                                       request.peer_is_there, options_.break_on_disconnect);
    const auto type = reader->wait_until_begun();
    return type ? streamed(*type, reader, request, id) : buffered(reader->finish(), id);
  }

  [[nodiscard]] base::Result<std::string> payload_of(const HttpRequest& source, const std::string& id) const {
    const auto request = request_from(source, options_.source);
    if (!request) return request.error();
    const auto json = event::to_event(*request, {id, base::unix_now()});
    if (!json) return json.error();
    return json->text();
  }

  [[nodiscard]] Event make_event(std::string payload, const std::string& id,
                                 std::shared_ptr<AnswerPipe> pipe) const {
    Event event;
    event.request_id = id;
    event.payload = std::move(payload);
    event.function_arn = options_.function.arn();
    event.trace_id = new_trace_id();
    event.timeout = options_.function.timeout;
    event.listener = std::move(pipe);
    return event;
  }

  HttpResponse buffered(const Place::Served& served, const std::string& id) const {
    const auto answer = service_answer(served.reply, id);
    if (answer.is_error()) return failure(served.reply);
    auto parsed = event::parse_envelope(answer.payload, options_.source);
    if (!parsed)
      return fault(
          "the answer makes no response: " + parsed.error().message + event::words_about_cgi(answer.payload),
          id);
    auto response = response_from(parsed->head);
    auto body = parsed->body.text();
    if (!body) return fault(body.error().message, id);
    response.body = *std::move(body);
    return response;
  }

  HttpResponse streamed(const std::string& type, const std::shared_ptr<AnswerReader>& reader,
                        const HttpRequest& request, const std::string& id) const {
    HttpResponse response;
    response.content_type = type.empty() ? kStreamType : type;
    if (type == api::wire::kIntegrationType) {
      const auto prelude = reader->read_until(api::wire::kPreludeEnd, kLongestPrelude);
      if (!prelude) return without_prelude(*reader, id);
      const auto parsed = event::parse_envelope(*prelude, options_.source);
      if (!parsed) return fault("the streamed answer has no valid prelude: " + parsed.error().message, id);
      response = response_from(parsed->head);
    }
    if (!event::allows_body(request.method, response.status)) return response;
    if (response.content_type.empty()) response.content_type = event::type_of_untyped(options_.source);
    response.write_pieces = [reader](const TakePiece& write) {
      return reader->read_all(write) && !service_answer(reader->finish().reply, "").is_error();
    };
    return response;
  }

  HttpResponse without_prelude(AnswerReader& reader, const std::string& id) const {
    const auto reply = reader.finish().reply;
    if (service_answer(reply, id).is_error()) return failure(reply);
    return fault("the streamed answer has no prelude", id);
  }

  HttpResponse fault(const std::string& why, const std::string& id) const {
    logger_.error("RequestId: " + id + " " + why, id);
    return refusal(502, "Internal Server Error");
  }

  const FunctionUrlOptions options_;
  Pool& pool_;
  base::Logger& logger_;
};

}  // namespace

HttpHandler function_url(FunctionUrlOptions options, Pool& pool, base::Logger& logger) {
  const auto url = std::make_shared<const FunctionUrl>(std::move(options), pool, logger);
  return [url](const HttpRequest& request) { return url->answer(request); };
}

}  // namespace emulator
