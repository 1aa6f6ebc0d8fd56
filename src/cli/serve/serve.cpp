// SPDX-License-Identifier: Apache-2.0
#include "cli/serve/serve.h"

#include "api/wire/wire.h"
#include "base/io/memory_file.h"
#include "cli/line/handler_fault.h"
#include "cli/line/verb_line.h"
#include "cli/serve/recording_place.h"
#include "cli/serve/serve_options.h"
#include "emulator/clients/function_url.h"
#include "emulator/clients/invoke_api.h"
#include "emulator/environment/interrupt.h"
#include "emulator/environment/open_place.h"
#include "emulator/environment/sandbox_place.h"
#include "emulator/environment/service_environment.h"
#include "emulator/http/access_log.h"
#include "proc/child/family.h"

#include <poll.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <vector>

namespace cli {
namespace {

using Places = std::vector<std::unique_ptr<emulator::Place>>;

// SDKs keep connections for the next call.
constexpr auto kIdleTime = std::chrono::seconds(60);
// Connections beyond the calls that may be served or wait.
constexpr std::size_t kSpareConnections = 64;

base::Logger* trace_of(const ServeOptions& options, const Context& context) {
  return options.function.trace_api ? &context.logger : nullptr;
}

base::Result<Places> sandboxes(const ServeOptions& options, const emulator::Function& function,
                               const Context& context, proc::Family& family) {
  Places places;
  const auto own = without_overridden(context.environment, options.function);
  for (int number = 0; number < options.environments; ++number) {
    auto log = base::make_pipe();
    if (!log) return log.error();
    emulator::Sandbox::Options sandbox{function, own, STDERR_FILENO, trace_of(options, context),
                                       options.freeze};
    auto whole =
        std::make_unique<emulator::SandboxPlace>(std::move(sandbox), *std::move(log), family, context.logger);
    for (auto& slot : emulator::slots_of(std::move(whole), options.calls_each()))
      places.push_back(std::move(slot));
  }
  return places;
}

base::Result<Places> open_place(const ServeOptions& options, const emulator::Function& function,
                                const Context& context) {
  auto place = emulator::OpenPlace::start({function, options.runtime_api_port, trace_of(options, context)},
                                          context.logger);
  if (!place) return place.error();
  context.logger.info("start the runtime with AWS_LAMBDA_RUNTIME_API=" + (*place)->address());
  Places places;
  places.push_back(*std::move(place));
  return places;
}

/// Every variable that the function sees may be a secret.
std::unique_ptr<Recorder> recorder_for(const ServeOptions& options, const emulator::Function& function,
                                       const Context& context) {
  const auto own = without_overridden(context.environment, options.function);
  Secrets secrets(emulator::service_environment(function, "", own));
  for (const auto& name : secrets.too_short())
    context.logger.warn("--record: the value of " + name + " is too short to be looked for in calls");
  context.logger.info("recording calls to \"" + options.record +
                      "\": look through them before you share them");
  return std::make_unique<Recorder>(options.record, std::move(secrets), context.logger);
}

Places recorded(Places places, Recorder& recorder) {
  for (auto& place : places) place = std::make_unique<RecordingPlace>(std::move(place), recorder);
  return places;
}

emulator::ServerOptions listening_on(int port, emulator::ServerOptions listening, const ServeOptions& options,
                                     base::Logger& logger) {
  listening.port = port;
  listening.log = &logger;
  listening.idle_time = kIdleTime;
  listening.kept_body = api::wire::kLargestEvent + 1;
  listening.most_connections =
      static_cast<std::size_t>(options.longest_queue() + options.environments * options.calls_each()) +
      kSpareConnections;
  return listening;
}

/// A Function URL is made for browsers; by which names they may know it, its user says.
emulator::ServerOptions url_options(const ServeOptions& options) {
  emulator::ServerOptions listening;
  listening.admission = {true, options.allowed_hosts, "shellstrap serve --allow-host"};
  return listening;
}

/// The Invoke API, and the Function URL where one is asked for.
struct Servers {
  emulator::HttpServer invoke_api;
  std::optional<emulator::HttpServer> url;

  /// As HttpServer::cancel(), both at the same time.
  void cancel() {
    invoke_api.cancel();
    if (url) url->cancel();
  }
  void stop() {
    invoke_api.stop();
    if (url) url->stop();
  }
};

base::Result<Servers> start_servers(const ServeOptions& options, const emulator::Function& function,
                                    emulator::Pool& pool, base::Logger& logger) {
  auto invoke_api = emulator::HttpServer::start(
      emulator::with_access_log(emulator::invoke_api({function, options.name.empty()}, pool), logger),
      listening_on(options.port, emulator::invoke_api_options(), options, logger));
  if (!invoke_api) return invoke_api.error();
  Servers servers{*std::move(invoke_api), std::nullopt};
  if (!options.url_port) return servers;
  auto url = emulator::HttpServer::start(
      emulator::with_access_log(
          emulator::function_url({function, options.url_format, options.break_on_disconnect}, pool, logger),
          logger),
      listening_on(*options.url_port, url_options(options), options, logger));
  if (!url) return url.error();
  servers.url = *std::move(url);
  return servers;
}

void announce(const Servers& servers, const Context& context) {
  const std::string url = "http://" + servers.invoke_api.address();
  std::string lines = url + "\n";
  context.logger.info("serving the Invoke API: aws lambda invoke --endpoint-url " + url);
  if (servers.url) {
    const std::string page = "http://" + servers.url->address() + "/";
    context.logger.info("listening for HTTP on " + page);
    lines += page + "\n";
  }
  [[maybe_unused]] const auto given_up = base::write_all(STDOUT_FILENO, lines);
}

/// Of another runtime nobody here knows what its handlers are.
bool knows_handlers(const ServeOptions& options) {
  return !options.only_apis && options.function.bootstrap.empty();
}

void wait_for(int stop_fd) {
  pollfd stop{stop_fd, POLLIN, 0};
  while (::poll(&stop, 1, -1) <= 0) continue;
}

int run_server(const ServeOptions& options, const emulator::Function& function, emulator::Pool& pool,
               const Context& context) {
  auto servers = start_servers(options, function, pool, context.logger);
  if (!servers) return refuse(context, servers.error());
  announce(*servers, context);
  return emulator::run_until_signal(
      context.signals,
      [&](int stop_fd) {
        wait_for(stop_fd);
        servers->stop();
        return kSuccess;
      },
      [&] {
        pool.cancel();
        servers->cancel();
      });
}

}  // namespace

int serve(const Arguments& arguments, const Context& context) {
  const auto parsed = parse_serve_options(arguments);
  if (const int* status = std::get_if<int>(&parsed)) return *status;
  const auto& options = std::get<ServeOptions>(parsed);
  auto function = make_function(options.function, context.environment);
  if (!function) return refuse(context, function.error());
  if (const auto far = far_handler(*function); !far.empty()) context.logger.warn(far);
  if (!options.name.empty()) function->name = options.name;
  function->concurrency = options.concurrency.value_or(0);
  if (knows_handlers(options)) {
    const auto own = without_overridden(context.environment, options.function);
    if (const auto fault = fault_of_handler(*function, own); !fault.empty()) return refuse(context, {fault});
  }

  proc::Family family;
  auto places = options.only_apis ? open_place(options, *function, context)
                                  : sandboxes(options, *function, context, family);
  if (!places) return refuse(context, places.error());
  const auto recorder = options.record.empty() ? nullptr : recorder_for(options, *function, context);
  if (recorder) places = recorded(*std::move(places), *recorder);
  emulator::Pool pool(*std::move(places), static_cast<std::size_t>(options.longest_queue()));
  return run_server(options, *function, pool, context);
}

}  // namespace cli
