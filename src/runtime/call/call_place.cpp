// SPDX-License-Identifier: Apache-2.0
#include "runtime/call/call_place.h"

#include "runtime/settings/combinations.h"

#include <filesystem>

namespace runtime {
namespace {

namespace fs = std::filesystem;
using handler::InitProblem;

InitProblem init_error(std::string sentence) {
  return {api::ErrorType::Known::init_error, std::move(sentence)};
}

}  // namespace

std::variant<std::string, InitProblem> find_directory(const Settings& settings, const std::string& task_root,
                                                      const handler::Resolved& resolved) {
  const bool is_set = settings.own_directory || !settings.directory.empty();
  // Its shell has been started before any call, and has sourced its file there.
  if (is_set && !std::holds_alternative<handler::ProgramSpec>(resolved.spec))
    return init_error("SHELLSTRAP_DIRECTORY is for programs; " + resolved.name +
                      " is a shell function, which may cd where it wants.");
  if (settings.directory.empty()) return task_root;
  auto directory = (fs::path(task_root) / settings.directory).string();
  std::error_code ignored;
  if (fs::is_directory(directory, ignored)) return directory;
  return init_error(
      "SHELLSTRAP_DIRECTORY must be a folder, or per-invocation for a fresh one of each call; " + directory +
      " is none.");
}

std::optional<InitProblem> take_answer_file(Settings& settings, const handler::Resolved& resolved) {
  const auto* program = std::get_if<handler::ProgramSpec>(&resolved.spec);
  if (program == nullptr || program->answer_file.empty()) return std::nullopt;
  const auto place = "{@>" + program->answer_file + "} of the command";
  if (settings.answer_fd != 1)
    return init_error("SHELLSTRAP_RESPONSE does not go with " + place + ": the answer is that file.");
  settings.answer_fd = 0;
  settings.answer_file = program->answer_file;
  if (auto checked = check_answer_file(settings, place); !checked) return init_error(checked.error().message);
  return std::nullopt;
}

}  // namespace runtime
