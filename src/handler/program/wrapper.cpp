// SPDX-License-Identifier: Apache-2.0
#include "handler/program/wrapper.h"

#include "handler/program/inspect.h"
#include "handler/program/program.h"

#include <iterator>
#include <utility>

namespace handler {
namespace {

using api::ErrorType;

InitProblem wrong(std::string message) {
  return {ErrorType::Known::init_error, std::move(message)};
}

// Unlike a handler it is not run with /bin/sh without the run bit: where the service itself starts one, it
// must be executable.
std::optional<InitProblem> check(const std::string& name, const std::string& path) {
  const auto facts = inspect(path);
  if (!facts.exists) return wrong(name + " does not exist (tried " + path + ").");
  if (facts.is_regular && !facts.can_execute)
    return wrong(name + " is not executable. Set the run bit before packing: chmod +x " + path);
  return std::nullopt;
}

void set_words(Spec& spec, std::vector<std::string> words) {
  if (auto* function = std::get_if<ShellFunctionSpec>(&spec)) {
    function->wrapper = std::move(words);
    return;
  }
  auto& program = std::get<ProgramSpec>(spec);
  put_behind(words, program.program, program.arguments);
}

}  // namespace

std::optional<InitProblem> start_through(const std::string& wrapper, const std::string& task_root,
                                         Resolved& resolved) {
  if (wrapper.empty()) return std::nullopt;
  const auto name = "AWS_LAMBDA_EXEC_WRAPPER=" + wrapper;
  const auto path = absolute_path(wrapper, task_root);
  if (auto problem = check(name, path)) return problem;
  // Alone an interpreter would run the event as code; a wrapper never is.
  auto found = program_from_file({path, name, {"the command"}});
  if (auto* problem = std::get_if<InitProblem>(&found)) return wrong(std::move(problem->message));
  auto& own = std::get<Resolved>(found);
  auto words = std::get<ProgramSpec>(std::move(own.spec)).arguments;
  words.pop_back();
  set_words(resolved.spec, std::move(words));
  std::move(own.warnings.begin(), own.warnings.end(), std::back_inserter(resolved.warnings));
  return std::nullopt;
}

// It gets the program's path, which can be started, in place of the name that the user gave it.
void put_behind(const std::vector<std::string>& wrapper, std::string& program,
                std::vector<std::string>& arguments) {
  arguments.front() = std::exchange(program, wrapper.front());
  arguments.insert(arguments.begin(), wrapper.begin(), wrapper.end());
}

}  // namespace handler
