// SPDX-License-Identifier: Apache-2.0
#include "runtime/life/prepare.h"

#include "handler/program/wrapper.h"
#include "handler/resolve.h"
#include "handler/runner/child_environment.h"
#include "handler/runner/program_runner.h"
#include "handler/runner/tmpdir_runner.h"
#include "handler/shell/shell_runner.h"
#include "handler/template/template_runner.h"
#include "proc/setup/core_limit.h"
#include "runtime/batch/batch_runner.h"
#include "runtime/call/call_place.h"
#include "runtime/call/outcome.h"
#include "runtime/life/descriptor_need.h"
#include "runtime/life/system_check.h"
#include "runtime/log/log_stream.h"
#include "runtime/tracing/xray_address.h"
#include "runtime/tracing/xray_runner.h"

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <utility>

namespace runtime {
namespace {

namespace fs = std::filesystem;
using api::ErrorType;
using handler::InitProblem;

std::string working_directory() {
  std::error_code ignored;
  return fs::current_path(ignored).string();
}

// Not every emulator sets LAMBDA_TASK_ROOT, and one that names nothing would make every handler unfindable.
std::string find_task_root(const base::Environment& environment, base::Logger& logger) {
  const auto named = environment.get_or("LAMBDA_TASK_ROOT", "");
  std::error_code ignored;
  if (!named.empty() && fs::is_directory(named, ignored)) return fs::absolute(named, ignored).string();
  auto fallback = working_directory();
  logger.warn("LAMBDA_TASK_ROOT is " + (named.empty() ? "not set" : named + ", which is no directory") +
              "; handlers are looked for in " + fallback);
  return fallback;
}

base::Result<std::optional<std::string>> read_settings_file(const std::string& task_root) {
  const auto path = task_root + "/shellstrap.json";
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return std::optional<std::string>();
  std::ifstream file(path, std::ios::binary);
  if (!file) return base::Error{path + " is there but cannot be read."};
  return std::optional<std::string>(std::in_place, std::istreambuf_iterator<char>(file),
                                    std::istreambuf_iterator<char>());
}

base::Result<Settings> read_settings(const base::Environment& environment, const std::string& task_root) {
  const auto file = read_settings_file(task_root);
  if (!file) return file.error();
  return parse_settings(environment, *file);
}

base::Environment make_child_environment(const Settings& settings, const base::Environment& own) {
  auto environment = handler::child_base_environment(own, settings.keep_runtime_api);
  if (settings.response_format == ResponseFormat::cgi)
    for (const auto name : event::cgi_names()) environment.unset(name);
  if (settings.batch)
    for (const auto name : event::record_variable_names()) environment.unset(name);
  return environment;
}

void log_warnings(const std::optional<Hook>& hook, base::Logger& logger) {
  if (!hook) return;
  for (const auto& warning : hook->warnings) logger.warn(warning);
}

// Before the handler is looked for: it may be what puts it there.
std::optional<InitProblem> run_init(const Settings& settings, const HookPlace& place,
                                    const HookSurroundings& surroundings, base::Deadline limit) {
  const auto found = find_init_hook(settings.hooks, place);
  if (const auto* problem = std::get_if<InitProblem>(&found)) return *problem;
  const auto& hook = std::get<std::optional<Hook>>(found);
  log_warnings(hook, surroundings.logger);
  return run_program(hook, surroundings, limit);
}

void say_what_is_assumed(const Settings& settings, const Hooks& hooks, base::Logger& logger) {
  for (const auto* hook : {&hooks.shutdown, &hooks.before_snapshot, &hooks.after_restore})
    log_warnings(*hook, logger);
  if (settings.batch)
    logger.info(
        "SHELLSTRAP_BATCH is set: the event source mapping must have ReportBatchItemFailures, or records "
        "that "
        "fail are lost");
  if (hooks.shutdown && !settings.extension)
    logger.warn(
        "SHELLSTRAP_SHUTDOWN runs on SIGTERM, which the service sends only where there is an extension: set "
        "SHELLSTRAP_EXTENSION=on");
}

// A function gets its event as an argument, too: what else it should read would have no place there.
std::optional<InitProblem> check_input(const Settings& settings, const handler::Resolved& resolved) {
  const bool reads_event = std::holds_alternative<handler::EventInput>(settings.input);
  if (reads_event || std::holds_alternative<handler::ProgramSpec>(resolved.spec)) return std::nullopt;
  return InitProblem{ErrorType::Known::init_error,
                     "SHELLSTRAP_STDIN is for programs; " + resolved.name + " is a shell function."};
}

std::variant<handler::Resolved, InitProblem> find_handler(const handler::Request& request,
                                                          const Settings& settings,
                                                          const std::string& wrapper, base::Logger& logger) {
  auto found = handler::resolve(request);
  auto* resolved = std::get_if<handler::Resolved>(&found);
  if (resolved == nullptr) return found;
  if (auto problem = handler::start_through(wrapper, request.task_root, *resolved))
    return *std::move(problem);
  for (const auto& warning : resolved->warnings) logger.warn(warning);
  if (auto problem = check_input(settings, *resolved)) return *std::move(problem);
  return found;
}

// Set by the service, so that it is not the user's fault where it is odd.
std::unique_ptr<XrayDaemon> find_xray(const Settings& settings, const base::Environment& environment,
                                      base::Logger& logger) {
  if (!settings.xray) return nullptr;
  auto endpoint = parse_xray_address(environment.get_or("AWS_XRAY_DAEMON_ADDRESS", ""));
  if (endpoint) return std::make_unique<XrayDaemon>(*std::move(endpoint), logger);
  logger.warn("SHELLSTRAP_XRAY is on, but nothing is sent: " + endpoint.error().message);
  return nullptr;
}

}  // namespace

std::variant<Prepared, InitProblem> prepare(const std::vector<std::string>& arguments,
                                            const base::Environment& environment, proc::Family& family,
                                            base::Logger& logger, int stop_fd) {
  if (auto problem = check_system()) return *std::move(problem);
  proc::leave_no_core_files();
  auto task_root = find_task_root(environment, logger);
  auto settings = read_settings(environment, task_root);
  if (!settings) return InitProblem{ErrorType::Known::init_error, settings.error().message};
  logger.configure(
      {settings->log_format, settings->log_level, settings->handler_log_level, settings->log_prefix});

  const auto init_limit = limit_of_init(*settings);
  auto child_environment = make_child_environment(*settings, environment);
  const HookPlace place{task_root, environment.get_or("PATH", "/usr/local/bin:/usr/bin:/bin:/opt/bin")};
  const HookSurroundings surroundings{child_environment,     task_root, family, logger, stop_fd,
                                      settings->error_stderr};
  if (auto problem = run_init(*settings, place, surroundings, init_limit)) return *std::move(problem);

  auto found =
      find_handler({arguments, settings->command, environment.get_or("_HANDLER", ""), task_root, place.path},
                   *settings, environment.get_or("AWS_LAMBDA_EXEC_WRAPPER", ""), logger);
  if (auto* problem = std::get_if<InitProblem>(&found)) return std::move(*problem);
  auto& resolved = std::get<handler::Resolved>(found);
  auto directory = find_directory(*settings, task_root, resolved);
  if (auto* problem = std::get_if<InitProblem>(&directory)) return std::move(*problem);
  if (auto problem = take_answer_file(*settings, resolved)) return *std::move(problem);
  auto hooks = find_hooks(settings->hooks, place, resolved.spec);
  if (auto* problem = std::get_if<InitProblem>(&hooks)) return std::move(*problem);
  say_what_is_assumed(*settings, std::get<Hooks>(hooks), logger);

  auto xray = find_xray(*settings, environment, logger);
  Prepared prepared{*std::move(settings),
                    std::move(task_root),
                    std::get<std::string>(std::move(directory)),
                    std::move(resolved.spec),
                    std::move(resolved.name),
                    std::move(child_environment),
                    std::move(xray),
                    std::get<Hooks>(std::move(hooks)),
                    init_limit};
  if (auto problem = check_system_for(prepared, logger)) return *std::move(problem);
  proc::enlarge_output_pipes(pipe_need(prepared));
  return prepared;
}

namespace {

using handler::Runner;
using Warn = std::function<void(std::string_view sentence, std::string_view request_id)>;

std::variant<std::unique_ptr<Runner>, InitProblem> make_child_runner(const Prepared& prepared,
                                                                     proc::Family& family,
                                                                     base::Logger& logger, int stop_fd,
                                                                     const Warn& warn) {
  const auto leftovers = prepared.settings.leftovers;
  if (const auto* function = std::get_if<handler::ShellFunctionSpec>(&prepared.handler))
    return handler::ShellRunner::create(
        {*function, prepared.child_environment, prepared.task_root, prepared.settings.answer_fd,
         prepared.settings.shell_options, leftovers, &family, stop_fd,
         function_of(prepared.hooks.before_snapshot), function_of(prepared.hooks.after_restore),
         prepared.settings.answer_in_memory ? api::largest_response() : 0},
        std::make_unique<LogStream>(logger), warn);
  return std::make_unique<handler::ProgramRunner>(std::get<handler::ProgramSpec>(prepared.handler),
                                                  prepared.child_environment, prepared.directory, leftovers,
                                                  family, warn);
}

// Around the child itself: what is prepared for it is no part of its time.
std::unique_ptr<Runner> with_tracing(const Prepared& prepared, std::unique_ptr<Runner> runner) {
  if (!prepared.xray) return runner;
  return std::make_unique<XrayRunner>(std::move(runner), prepared.settings, prepared.handler_name,
                                      prepared.directory, *prepared.xray);
}

std::unique_ptr<Runner> with_templates(const Prepared& prepared, std::unique_ptr<Runner> runner,
                                       const Warn& warn) {
  const auto* program = std::get_if<handler::ProgramSpec>(&prepared.handler);
  const auto& settings = prepared.settings;
  if (program == nullptr) return runner;
  const bool reads_event = std::holds_alternative<handler::EventInput>(settings.input);
  if (program->templates.empty() && reads_event && !settings.own_directory) return runner;
  const auto has_answer = [&success = settings.success](const proc::RunResult& run) {
    return succeeded(run, success);
  };
  return std::make_unique<handler::TemplateRunner>(
      std::move(runner), *program, settings.input,
      handler::CallFiles{handler::tmpdir_parent(prepared.child_environment), settings.own_directory,
                         settings.answer_file, has_answer},
      warn);
}

std::unique_ptr<Runner> with_tmpdir(const Prepared& prepared, std::unique_ptr<Runner> runner,
                                    const Warn& warn) {
  if (!prepared.settings.own_tmpdir) return runner;
  return std::make_unique<handler::TmpdirRunner>(std::move(runner),
                                                 handler::tmpdir_parent(prepared.child_environment), warn);
}

std::variant<std::unique_ptr<Runner>, InitProblem> make_single_runner(const Prepared& prepared,
                                                                      proc::Family& family,
                                                                      base::Logger& logger, int stop_fd) {
  const Warn warn = [&logger](std::string_view sentence, std::string_view request_id) {
    logger.warn(sentence, request_id);
  };
  auto made = make_child_runner(prepared, family, logger, stop_fd, warn);
  auto* child = std::get_if<std::unique_ptr<Runner>>(&made);
  if (child == nullptr) return made;
  auto traced = with_tracing(prepared, std::move(*child));
  return with_tmpdir(prepared, with_templates(prepared, std::move(traced), warn), warn);
}

}  // namespace

std::variant<std::unique_ptr<Runner>, InitProblem> make_runner(const Prepared& prepared, proc::Family& family,
                                                               base::Logger& logger, int stop_fd) {
  if (!prepared.settings.batch) return make_single_runner(prepared, family, logger, stop_fd);
  auto lanes = Lanes::create(prepared.settings.batch_parallel, [&prepared, &family, &logger, stop_fd] {
    return make_single_runner(prepared, family, logger, stop_fd);
  });
  if (auto* problem = std::get_if<InitProblem>(&lanes)) return std::move(*problem);
  return std::make_unique<BatchRunner>(std::get<Lanes>(std::move(lanes)), prepared.settings,
                                       prepared.handler_name, logger);
}

}  // namespace runtime
