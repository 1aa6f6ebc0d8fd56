// SPDX-License-Identifier: Apache-2.0
#include "emulator/runtime_api/runtime_api.h"

#include "api/wire/wire.h"
#include "base/text/base64.h"
#include "base/text/text.h"

#include <optional>

namespace emulator {
namespace {

namespace wire = api::wire;

// A streaming handler may be silent as long as a function may run; when it is ended, so is the connection.
constexpr auto kSilence = std::chrono::minutes(90);
constexpr std::string_view kPingPath = "/2018-06-01/ping";

HttpResponse plain(int status, std::string text) {
  return {status, {}, std::move(text), "text/plain"};
}

HttpResponse rendered(const Receipt& receipt) {
  return {receipt.status, {}, receipt.body(), "application/json"};
}

/// Headers without a value are left out, as the service does.
HttpResponse rendered(const Broker::Delivery& delivery) {
  const Event& event = *delivery.event;
  HttpResponse response;
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) response.headers.push_back({std::string(name), value});
  };
  add(wire::kRequestId, event.request_id);
  add(wire::kDeadline, std::to_string(delivery.deadline.count()));
  add(wire::kFunctionArn, event.function_arn);
  add(wire::kTraceId, event.trace_id);
  add(wire::kClientContext, event.client_context);
  add(wire::kCognitoIdentity, event.cognito_identity);
  add(wire::kTenantId, event.tenant_id);
  response.body = event.payload;
  return response;
}

Broker::Post post_from(const HttpRequest& request) {
  return {request.body,
          request.body_size,
          request.header("Content-Type"),
          request.header(wire::kErrorType),
          request.header(wire::kResponseMode),
          request.complete};
}

/// The id in ".../invocation/ID/SUFFIX"; nullopt: another path.
std::optional<std::string> id_before(std::string_view suffix, std::string_view path) {
  if (!path.starts_with(wire::kInvocationPath) || !path.ends_with(suffix)) return std::nullopt;
  if (path.size() <= wire::kInvocationPath.size() + suffix.size()) return std::nullopt;
  path.remove_prefix(wire::kInvocationPath.size());
  path.remove_suffix(suffix.size());
  return std::string(path);
}

bool is_streamed_response(const HttpRequest& request) {
  return request.header(wire::kResponseMode) == wire::kStreaming &&
         id_before(wire::kResponseSuffix, request.path);
}

std::string trailer(const BodyEnd& end, std::string_view name) {
  for (const auto& trailer : end.trailers)
    if (base::equal_ignoring_case(trailer.name, name)) return trailer.value;
  return "";
}

/// A body that is no base64 leaves the details empty, as the service's emulator does.
Broker::StreamEnd stream_end_from(const BodyEnd& end) {
  return {end.complete, trailer(end, wire::kErrorType),
          base::base64_decode(trailer(end, wire::kErrorBody)).value_or("")};
}

Receipt take_stream(Broker& broker, const std::string& id, const HttpRequest& request) {
  const auto begun = broker.begin_stream(id, request.header("Content-Type"));
  if (const auto* refused = std::get_if<Receipt>(&begun)) return *refused;
  const auto& stream = std::get<Broker::Stream>(begun);
  const auto end = request.read_pieces([&](std::string_view piece) { return broker.take(stream, piece); });
  return broker.end_stream(stream, stream_end_from(end));
}

std::optional<HttpResponse> restore(Broker& broker, const HttpRequest& request) {
  if (request.method == "GET" && request.path == wire::kRestoreNextPath) return HttpResponse{};
  if (request.method == "POST" && request.path == wire::kRestoreErrorPath)
    return rendered(broker.init_error(post_from(request)));
  return std::nullopt;
}

HttpResponse get(Broker& broker, const HttpRequest& request) {
  if (request.path == kPingPath) return plain(200, "pong");
  if (request.path != wire::kNextPath) return plain(404, "404 page not found\n");
  const auto next = broker.next(request.peer_is_there);
  return std::visit([](const auto& it) { return rendered(it); }, next);
}

HttpResponse post(Broker& broker, const HttpRequest& request) {
  if (request.path == wire::kInitErrorPath) return rendered(broker.init_error(post_from(request)));
  if (const auto id = id_before(wire::kResponseSuffix, request.path))
    return rendered(request.read_pieces ? take_stream(broker, *id, request)
                                        : broker.response(*id, post_from(request)));
  if (const auto id = id_before(wire::kErrorSuffix, request.path))
    return rendered(broker.error(*id, post_from(request)));
  return plain(404, "404 page not found\n");
}

}  // namespace

HttpHandler runtime_api(Broker& broker, bool restores) {
  return [&broker, restores](const HttpRequest& request) {
    if (auto answer = restores ? restore(broker, request) : std::nullopt) return *std::move(answer);
    if (request.method == "GET") return get(broker, request);
    if (request.method == "POST") return post(broker, request);
    return plain(405, "");
  };
}

ServerOptions runtime_api_options() {
  ServerOptions options;
  options.reads_pieces = is_streamed_response;
  options.silence = kSilence;
  options.refused = [](const NotAdmitted& reason) {
    return rendered(Receipt{reason.status, "AccessDenied", reason.why});
  };
  return options;
}

}  // namespace emulator
