// SPDX-License-Identifier: Apache-2.0
#include "emulator/environment/open_place.h"

#include "api/wire/wire.h"
#include "emulator/call/log_lines.h"
#include "emulator/http/api_trace.h"
#include "emulator/runtime_api/runtime_api.h"

#include <utility>

namespace emulator {
namespace {

// Nobody ends a runtime of somebody else's, so one that streams and says nothing would hold up the end.
constexpr auto kSilence = std::chrono::seconds(30);

}  // namespace

OpenPlace::OpenPlace(Options options, base::Logger& logger) : options_(std::move(options)), logger_(logger) {}

base::Result<std::unique_ptr<OpenPlace>> OpenPlace::start(Options options, base::Logger& logger) {
  std::unique_ptr<OpenPlace> place(new OpenPlace(std::move(options), logger));
  HttpHandler handler = [raw = place.get()](const HttpRequest& request) { return raw->answer(request); };
  if (auto* trace = place->options_.api_trace) handler = traced(std::move(handler), *trace);
  ServerOptions listening = runtime_api_options();
  listening.silence = kSilence;
  listening.port = place->options_.port;
  listening.log = &logger;
  auto server = HttpServer::start(std::move(handler), listening);
  if (!server) return server.error();
  place->server_ = *std::move(server);
  return place;
}

std::shared_ptr<Broker> OpenPlace::broker() {
  const std::lock_guard lock(mutex_);
  return broker_;
}

HttpResponse OpenPlace::answer(const HttpRequest& request) {
  const auto current = broker();
  auto response = runtime_api(*current)(request);
  if (request.path == api::wire::kInitErrorPath && response.status < 300) renew_after_init_error(current);
  return response;
}

/// For a broker a failed init is the end; here the next start of the runtime is a new one. Its calls that
/// wait have got the error.
void OpenPlace::renew_after_init_error(const std::shared_ptr<Broker>& failed) {
  logger_.warn("the runtime reported an init error: calls now wait for its next start");
  failed->hang_up();
  const std::lock_guard lock(mutex_);
  if (broker_ == failed && !cancelled_) broker_ = std::make_shared<OnDemandBroker>();
}

Place::Served OpenPlace::serve(Event event) {
  std::string log = start_line(event.request_id, options_.function.version);
  const CallReport asked{event.request_id, {}, std::nullopt, options_.function.memory_mib, 0, "", false};
  auto completed = broker()->invoke(std::move(event));
  auto report = asked;
  report.duration = completed.duration;
  report.timed_out = std::holds_alternative<TimedOut>(completed.reply);
  report.error_type = service_answer(completed.reply, report.request_id).error_type;
  log += end_line(report.request_id) + report_line(report);
  logger_.pass_on(log);
  return {std::move(completed.reply), std::move(log)};
}

void OpenPlace::cancel() {
  if (server_) server_->cancel();
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  broker_->close(Cancelled{});
  broker_->hang_up();
}

}  // namespace emulator
