// SPDX-License-Identifier: Apache-2.0
#include "cli/line/function_options.h"

#include "cli/line/paths.h"
#include "cli/line/raw_texts.h"
#include "cli/line/variables.h"
#include "emulator/environment/service_environment.h"
#include "handler/program/elf.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <iterator>
#include <utility>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <nlohmann/json.hpp>

namespace cli {
namespace {

constexpr auto kCommand = "SHELLSTRAP_COMMAND";
constexpr auto kSettingsFile = "/shellstrap.json";
// The longest that any function may run; see the limits of Lambda Managed Instances.
constexpr double kLongestTimeout = 90 * 60;
constexpr double kShortestTimeout = 0.001;
constexpr int kLeastMemory = 128;
constexpr int kMostMemory = 10240;

base::Error problem(std::string sentence) {
  return {std::move(sentence), 0};
}

base::Result<Variables> read_variables(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return problem("--env-file \"" + path + "\" cannot be read: is it there?");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  auto variables = parse_variables(text);
  if (!variables) return problem("--env-file \"" + path + "\", " + variables.error().message);
  return variables;
}

/// Files first, so that --env wins.
base::Result<Variables> collect_variables(const FunctionOptions& options) {
  Variables all;
  for (const auto& path : options.variable_files) {
    auto some = read_variables(path);
    if (!some) return some.error();
    all.insert(all.end(), some->begin(), some->end());
  }
  for (const auto& text : options.variables) {
    auto one = parse_variable(text);
    if (!one) return problem("--env " + one.error().message);
    all.push_back(*std::move(one));
  }
  return all;
}

std::string command_json(std::vector<std::string> words, const std::string& task_root) {
  words.front() = relative_to_task_root(words.front(), task_root);
  return nlohmann::json(words).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

bool names_a_command(const Variables& variables) {
  for (const auto& [name, value] : variables)
    if (name == kCommand) return true;
  return false;
}

/// Something must say what to run: the command line, SHELLSTRAP_COMMAND, or a settings file in the task root.
bool has_handler(const FunctionOptions& options, const emulator::Function& function,
                 const base::Environment& own) {
  return !options.handler.empty() || !options.command.empty() || own.get(kCommand) ||
         names_a_command(function.environment) || std::ifstream(function.task_root + kSettingsFile).good();
}

std::string check_numbers(const FunctionOptions& options) {
  const bool timed = options.timeout >= kShortestTimeout && options.timeout <= kLongestTimeout;
  if (!timed) return "--timeout takes seconds, from 0.001 to 5400 (Lambda's own limit is 900)";
  if (options.memory < kLeastMemory || options.memory > kMostMemory)
    return "--memory takes MB, from 128 to 10240";
  if (!options.handler.empty() && !options.command.empty())
    return "give either " + options.handler_word + " or \"-- COMMAND\", not both";
  return "";
}

void set_handler(emulator::Function& function, const FunctionOptions& options) {
  function.handler = relative_to_task_root(options.handler, function.task_root);
  if (options.command.empty()) return;
  function.handler = options.command.front();
  function.environment.emplace_back(kCommand, command_json(options.command, function.task_root));
}

}  // namespace

void add_function_options(CLI::App& app, FunctionOptions& options) {
  app.add_option("HANDLER", options.handler,
                 "executable, script, FILE.FUNCTION or command, from the task root");
  app.add_option("--task-root", options.task_root, "the function's folder (default: the current one)")
      ->option_text("DIR");
  add_settings(app, options);
}

void add_settings(CLI::App& app, FunctionOptions& options) {
  app.add_option("--timeout", options.timeout, "limit of one call, decimals allowed (default 3)")
      ->option_text("SECONDS");
  app.add_option("--memory", options.memory, "told to the function, not enforced (default 128)")
      ->option_text("MB");
  add_texts(app, "--env", options.variables, "a variable of the function; may be repeated")
      ->option_text("NAME=VALUE");
  add_texts(app, "--env-file", options.variable_files, "lines of NAME=VALUE, # for comments; may be repeated")
      ->option_text("FILE");
  app.add_option("--bootstrap", options.bootstrap, "runtime to start (default: the one of shellstrap)")
      ->option_text("PATH");
  app.add_flag("--trace-api", options.trace_api, "tell the conversation with the runtime, without payload");
}

base::Result<emulator::Function> make_function(const FunctionOptions& options, const base::Environment& own) {
  if (auto wrong = check_numbers(options); !wrong.empty()) return problem(std::move(wrong));
  auto task_root = absolute_directory(options.task_root);
  if (!task_root) return task_root.error();
  auto bootstrap = options.starts_nothing ? base::Result<std::string>("")
                                          : find_bootstrap(options.bootstrap, handler::own_machine());
  if (!bootstrap) return bootstrap.error();
  auto variables = collect_variables(options);
  if (!variables) return variables.error();

  emulator::Function function;
  function.region = emulator::region_of(own);
  function.task_root = *std::move(task_root);
  function.bootstrap = *std::move(bootstrap);
  function.memory_mib = options.memory;
  function.timeout = std::chrono::milliseconds(std::lround(options.timeout * 1000));
  function.environment = *std::move(variables);
  if (!options.starts_nothing && !has_handler(options, function, own))
    return problem(options.handler_word +
                   " is missing: name an executable, a script, FILE.FUNCTION, or \"-- COMMAND\"");
  set_handler(function, options);
  return function;
}

std::string far_handler(const emulator::Function& function) {
  const std::array<std::string, 6> known = {
      function.task_root + "/", "/usr/", "/bin/", "/opt/", "/var/task/", "/lib"};
  const auto& handler = function.handler;
  const bool is_known =
      std::ranges::any_of(known, [&](const std::string& folder) { return handler.starts_with(folder); });
  if (!handler.starts_with('/') || is_known) return "";
  return "the handler \"" + handler + "\" is outside the task root \"" + function.task_root +
         "\": it would not be in the package. --task-root names the function's folder";
}

base::Environment without_overridden(base::Environment own, const FunctionOptions& options) {
  if (!options.handler.empty() || !options.command.empty()) own.unset(kCommand);
  return own;
}

}  // namespace cli
