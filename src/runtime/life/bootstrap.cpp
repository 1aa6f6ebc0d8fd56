// SPDX-License-Identifier: Apache-2.0
#include "runtime/life/bootstrap.h"

#include "api/client/runtime_client.h"
#include "api/connection/endpoint.h"
#include "base/version.h"
#include "runtime/life/last_resort.h"
#include "runtime/life/prepare.h"
#include "runtime/life/shutdown.h"
#include "runtime/life/supervisor.h"

#include <cstdio>
#include <optional>
#include <string_view>

namespace runtime {
namespace {

constexpr std::string_view kHelp =
    "bootstrap runs any executable as an AWS Lambda function.\n"
    "\n"
    "  bootstrap                    run the handler that _HANDLER or SHELLSTRAP_COMMAND names\n"
    "  bootstrap HANDLER            run this handler\n"
    "  bootstrap COMMAND ARG...     run this command (for ENTRYPOINT of a container image)\n"
    "  bootstrap --version | --help\n"
    "\n"
    "Lambda starts it with AWS_LAMBDA_RUNTIME_API set. On your own machine, use: shellstrap invoke HANDLER\n";

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

std::optional<int> answer_option(const std::vector<std::string>& arguments) {
  if (arguments.size() != 1) return std::nullopt;
  if (arguments[0] == "--version") return print("bootstrap " + std::string(base::version()) + "\n"), 0;
  if (arguments[0] == "--help") return print(kHelp), 0;
  return std::nullopt;
}

base::Result<api::Endpoint> find_runtime_api(const base::Environment& environment) {
  const auto address = environment.get_or("AWS_LAMBDA_RUNTIME_API", "");
  if (address.empty())
    return base::Error{
        "AWS_LAMBDA_RUNTIME_API is not set: bootstrap is started by Lambda or by an emulator. To try a "
        "handler here: "
        "shellstrap invoke HANDLER"};
  return api::Endpoint::parse(address);
}

int fail_init(const api::Endpoint& endpoint, const handler::InitProblem& problem, int stop_fd,
              base::Logger& logger) {
  logger.error(problem.type.text() + ": " + problem.message);
  const api::FunctionError error{problem.type, problem.message, problem.lines, std::nullopt};
  const bool was_restored = problem.type == api::ErrorType(api::ErrorType::Known::after_restore);
  api::RuntimeClient client(endpoint, stop_fd);
  const auto posted = was_restored ? client.post_restore_error(error) : client.post_init_error(error);
  if (!posted.accepted()) logger.error("the init error could not be reported: " + posted.reason);
  return 1;
}

void tell(LastResort& last_resort, const Settings& settings) {
  if (settings.extension) last_resort.allow(LastResort::kExtensionTime);
  if (settings.leftovers == handler::Leftovers::keep) last_resort.spare_leftovers();
}

}  // namespace

int run_bootstrap(const std::vector<std::string>& arguments, const base::Environment& environment,
                  proc::SignalQueue& signals, base::Logger& logger) {
  if (const auto status = answer_option(arguments)) return *status;
  const auto endpoint = find_runtime_api(environment);
  if (!endpoint) return logger.error(endpoint.error().message), 1;

  proc::Family family(signals.fd(), [&logger](const std::string& sentence) { logger.warn(sentence); });
  LastResort last_resort(family, signals.fd());
  const auto prepared = prepare(arguments, environment, family, logger, signals.fd());
  if (const auto* problem = std::get_if<handler::InitProblem>(&prepared)) {
    const int status = signals.waits() ? 0 : fail_init(*endpoint, *problem, signals.fd(), logger);
    family.end_all();
    return status;
  }
  tell(last_resort, std::get<Prepared>(prepared).settings);
  if (std::get<Prepared>(prepared).settings.extension)
    ask_for_shutdown_signal(*endpoint, logger, signals.fd());

  Supervisor supervisor(*endpoint, std::get<Prepared>(prepared), family, signals, logger);
  const auto ended = supervisor.run();
  const auto* problem = std::get_if<handler::InitProblem>(&ended);
  const int status =
      problem != nullptr ? fail_init(*endpoint, *problem, signals.fd(), logger) : std::get<int>(ended);
  logger.catch_up();
  std::_Exit(status);  // without destroying anything: other workers may be at work still
}

}  // namespace runtime
