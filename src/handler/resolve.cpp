// SPDX-License-Identifier: Apache-2.0
#include "handler/resolve.h"

#include "base/text/text.h"
#include "handler/program/encoding.h"
#include "handler/program/inspect.h"
#include "handler/program/interpreters.h"
#include "handler/program/program.h"
#include "handler/template/template_command.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace handler {
namespace {

using api::ErrorType;
using Resolution = std::variant<Resolved, InitProblem>;

bool has_slash(const std::string& name) {
  return name.find('/') != std::string::npos;
}

InitProblem not_found(std::string message) {
  return {ErrorType::Known::handler_not_found, std::move(message)};
}

std::optional<std::string> locate_program(const std::string& word, const Request& request) {
  if (!has_slash(word)) return find_on_path(word, request.path, request.task_root);
  auto path = absolute_path(word, request.task_root);
  if (!inspect(path).exists) return std::nullopt;
  return path;
}

std::string where_sought(const std::string& word, const Request& request) {
  return has_slash(word) ? "tried " + absolute_path(word, request.task_root) : "PATH is " + request.path;
}

// A command keeps the name that the user gave it as argv[0]; programs like busybox look at it.
Resolution resolve_command(const std::vector<std::string>& words, const Request& request) {
  const auto& word = words.front();
  const auto path = locate_program(word, request);
  if (!path)
    return not_found("the command " + word + " was not found (" + where_sought(word, request) + ").");
  auto resolved = program_from_file({*path, word, {words.begin() + 1, words.end()}});
  if (auto* found = std::get_if<Resolved>(&resolved)) {
    auto& spec = std::get<ProgramSpec>(found->spec);
    if (spec.program == *path) spec.arguments.front() = word;
  }
  return resolved;
}

Resolution resolve_template(const std::vector<std::string>& words, const Request& request) {
  auto parsed = parse_command_template(words);
  if (auto* problem = std::get_if<InitProblem>(&parsed)) return std::move(*problem);
  auto& command = std::get<CommandTemplate>(parsed);
  auto resolved = resolve_command(command.words, request);
  if (auto* found = std::get_if<Resolved>(&resolved)) {
    auto& spec = std::get<ProgramSpec>(found->spec);
    spec.templates = std::move(command.arguments);
    spec.first_guarded = command.first_guarded;
    spec.answer_file = std::move(command.answer_file);
    std::move(command.warnings.begin(), command.warnings.end(), std::back_inserter(found->warnings));
  }
  return resolved;
}

// "a.b.handler": FILE "a.b" with FUNCTION "handler" first, then FILE "a" with FUNCTION "b.handler".
std::optional<ShellFunctionSpec> find_shell_function(const std::string& name, const Request& request,
                                                     std::vector<std::string>& tried) {
  for (auto dot = name.rfind('.'); dot != std::string::npos && dot > 0; dot = name.rfind('.', dot - 1)) {
    const auto function = name.substr(dot + 1);
    if (function.empty() || has_slash(function)) continue;
    for (const auto* extension : {".sh", ".bash", ""}) {
      auto file = absolute_path(name.substr(0, dot) + extension, request.task_root);
      if (inspect(file).is_regular) return ShellFunctionSpec{std::move(file), function};
      if (std::find(tried.begin(), tried.end(), file) == tried.end()) tried.push_back(std::move(file));
    }
  }
  return std::nullopt;
}

Resolution resolve_name(const std::string& name, const Request& request) {
  std::vector<std::string> tried;
  const auto file = absolute_path(name, request.task_root);
  if (inspect(file).exists) return program_from_file({file, name, {}});
  tried.push_back(file);
  if (auto function = find_shell_function(name, request, tried)) {
    if (const auto fault = encoding_fault(inspect(function->file).encoding))
      return InitProblem{ErrorType::Known::invalid_handler,
                         function->file + " " + *fault + " " + function->file};
    return Resolved{*std::move(function), name, {}};
  }
  if (!has_slash(name)) {
    if (const auto command = find_on_path(name, request.path, request.task_root))
      return program_from_file({*command, name, {}});
    tried.push_back("PATH " + request.path);
  }
  return not_found("the handler " + name + " was not found; tried " + base::join(tried, ", ") + ".");
}

InitProblem no_handler_set() {
  return not_found(
      "no handler is set. Set the function's handler (_HANDLER) to a file of the package, FILE.FUNCTION or a "
      "command, "
      "or set SHELLSTRAP_COMMAND.");
}

}  // namespace

Resolution resolve(const Request& request) {
  if (request.arguments.size() >= 2) return resolve_command(request.arguments, request);
  if (request.arguments.size() == 1) return resolve_name(request.arguments.front(), request);
  if (request.command) return resolve_template(*request.command, request);
  if (request.handler.empty()) return no_handler_set();
  return resolve_name(request.handler, request);
}

}  // namespace handler
