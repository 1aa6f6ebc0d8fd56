// SPDX-License-Identifier: Apache-2.0
#include "cli/line/handler_fault.h"

#include "emulator/environment/service_environment.h"
#include "event/json/json_check.h"
#include "handler/resolve.h"
#include "handler/shell/shell_words.h"

#include <fstream>
#include <iterator>
#include <optional>
#include <variant>

#include <nlohmann/json.hpp>

namespace cli {
namespace {

// "command" of shellstrap.json, in the form of the variable. What else is wrong there the bootstrap says.
std::optional<std::string> command_in_file(const std::string& task_root) {
  std::ifstream file(task_root + "/shellstrap.json", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (event::json_fault(text)) return std::nullopt;
  const auto settings = nlohmann::json::parse(text, nullptr, false);
  if (!settings.is_object() || !settings.contains("command")) return std::nullopt;
  const auto& command = settings["command"];
  return command.is_string() ? command.get<std::string>() : command.dump();
}

// As the bootstrap decides: a command in the environment, then one in the file, then the handler.
std::optional<std::string> command_of(const base::Environment& environment, const std::string& task_root) {
  const auto command = environment.get_or("SHELLSTRAP_COMMAND", "");
  return command.empty() ? command_in_file(task_root) : command;
}

}  // namespace

std::string fault_of_handler(const emulator::Function& function, const base::Environment& own) {
  const auto environment = emulator::service_environment(function, "", own);
  handler::Request request{{}, {}, function.handler, function.task_root, environment.get_or("PATH", "")};
  if (const auto command = command_of(environment, function.task_root)) {
    auto words = handler::parse_command(*command);
    if (!words) return "the command " + *command + ": " + words.error().message;
    request.command = *std::move(words);
  }
  const auto resolved = handler::resolve(request);
  const auto* problem = std::get_if<handler::InitProblem>(&resolved);
  return problem != nullptr ? problem->message : "";
}

}  // namespace cli
