// SPDX-License-Identifier: Apache-2.0
#include "emulator/clients/invoke_api.h"

#include "base/text/base64.h"
#include "emulator/call/identifiers.h"
#include "emulator/clients/answer_reader.h"
#include "emulator/clients/event_stream.h"
#include "emulator/clients/invoke_request.h"

#include <memory>
#include <utility>

#include <nlohmann/json.hpp>

namespace emulator {
namespace {

constexpr auto kPing = "/ping";
constexpr auto kJsonType = "application/json";

std::string complete_event(const Place::Served& served, bool wants_log, const std::string& id) {
  const auto answer = service_answer(served.reply, id);
  nlohmann::json complete = nlohmann::json::object();
  if (answer.is_error()) complete = {{"ErrorCode", answer.error_type}, {"ErrorDetails", answer.payload}};
  if (wants_log) complete["LogResult"] = base::base64_encode(served.log);
  return event_message("InvokeComplete", "application/json",
                       complete.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

std::string chunk_event(std::string_view bytes) {
  return event_message("PayloadChunk", "application/octet-stream", bytes);
}

/// A call whose answer comes as events: as chunks while it streams, or as one where it did not.
bool write_events(AnswerReader& reader, const TakePiece& write, bool wants_log, const std::string& id) {
  const bool streams = reader.wait_until_begun().has_value();
  if (!reader.read_all([&](std::string_view piece) { return write(chunk_event(piece)); })) return false;
  const auto served = reader.finish();
  const auto answer = service_answer(served.reply, id);
  if (!streams && !answer.is_error() && !write(chunk_event(answer.payload))) return false;
  return write(complete_event(served, wants_log, id));
}

class InvokeApi {
 public:
  InvokeApi(InvokeApiOptions options, Pool& pool) : options_(std::move(options)), pool_(pool) {}

  HttpResponse answer(const HttpRequest& request) const {
    if (request.method == "GET" && request.path == kPing) return {200, {}, "pong", "text/plain"};
    const std::string id = new_request_id();
    auto response = request.method == "POST" ? post(request, id) : InvokeRefusal::unknown_path().response();
    response.headers.push_back({"x-amzn-RequestId", id});
    return response;
  }

 private:
  HttpResponse post(const HttpRequest& request, const std::string& id) const {
    auto parsed = parse_invoke_request(request);
    if (const auto* refusal = std::get_if<InvokeRefusal>(&parsed)) return refusal->response();
    auto& call = std::get<InvokeRequest>(parsed);
    const auto arn = arn_of(call);
    if (!options_.any_name && call.name != options_.function.name)
      return InvokeRefusal::unknown_function(arn).response();
    if (call.type == InvocationType::dry_run) return {204, {}, "", kJsonType};
    const bool is_event = call.type == InvocationType::event;
    const bool wants_log = call.wants_log;
    const bool streams = call.streams;
    auto event = make_event(std::move(call), id, arn);
    const std::string trace = event.trace_id;
    const auto pipe = streams ? std::make_shared<AnswerPipe>() : nullptr;
    event.listener = pipe;
    event.wants_log = wants_log;
    auto served = pool_.submit(std::move(event));
    if (!served) return InvokeRefusal::throttled().response();
    if (streams) {
      auto response =
          as_events(std::make_shared<AnswerReader>(pipe, *std::move(served), request.peer_is_there, false),
                    wants_log, id);
      response.headers.push_back({"X-Amzn-Trace-Id", trace});
      return response;
    }
    auto response = is_event ? HttpResponse{202, {}, "", kJsonType} : rendered(served->get(), wants_log, id);
    response.headers.push_back({"X-Amzn-Trace-Id", trace});
    return response;
  }

  [[nodiscard]] std::string arn_of(const InvokeRequest& call) const {
    Function called = options_.function;
    called.name = call.name;
    return called.arn() + (call.qualifier.empty() ? "" : ":" + call.qualifier);
  }

  [[nodiscard]] Event make_event(InvokeRequest call, const std::string& id, const std::string& arn) const {
    Event event;
    event.request_id = id;
    event.payload = std::move(call.payload);
    event.function_arn = arn;
    event.trace_id = call.trace_id.empty() ? new_trace_id() : call.trace_id;
    event.client_context = std::move(call.client_context);
    event.tenant_id = std::move(call.tenant_id);
    event.timeout = options_.function.timeout;
    return event;
  }

  [[nodiscard]] HttpResponse as_events(const std::shared_ptr<AnswerReader>& reader, bool wants_log,
                                       const std::string& id) const {
    HttpResponse response;
    response.headers.push_back({"X-Amz-Executed-Version", options_.function.version});
    response.content_type = kEventStreamType;
    response.write_pieces = [reader, wants_log, id](const TakePiece& write) {
      return write_events(*reader, write, wants_log, id);
    };
    return response;
  }

  [[nodiscard]] HttpResponse rendered(const Place::Served& served, bool wants_log,
                                      const std::string& id) const {
    if (std::holds_alternative<Cancelled>(served.reply)) return InvokeRefusal::stopping().response();
    auto answer = service_answer(served.reply, id);
    HttpResponse response;
    response.headers.push_back({"X-Amz-Executed-Version", options_.function.version});
    if (answer.is_error()) response.headers.push_back({"X-Amz-Function-Error", "Unhandled"});
    if (wants_log) response.headers.push_back({"X-Amz-Log-Result", base::base64_encode(served.log)});
    response.content_type = answer.content_type.empty() ? kJsonType : std::move(answer.content_type);
    response.body = std::move(answer.payload);
    return response;
  }

  const InvokeApiOptions options_;
  Pool& pool_;
};

}  // namespace

HttpHandler invoke_api(InvokeApiOptions options, Pool& pool) {
  const auto api = std::make_shared<const InvokeApi>(std::move(options), pool);
  return [api](const HttpRequest& request) { return api->answer(request); };
}

ServerOptions invoke_api_options() {
  ServerOptions options;
  options.refused = [](const NotAdmitted& reason) { return InvokeRefusal::not_admitted(reason).response(); };
  return options;
}

}  // namespace emulator
