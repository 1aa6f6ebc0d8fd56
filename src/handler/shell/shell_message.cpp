// SPDX-License-Identifier: Apache-2.0
#include "handler/shell/shell_message.h"

#include <algorithm>

namespace handler {
namespace {

void append_part(ShellMessage& message, std::string_view part) {
  message.text.append(part).push_back('\0');
  ++message.parts;
}

// An empty first part would mean that names follow.
bool append_value(ShellMessage& message, const std::vector<std::string>& variables, std::string_view name) {
  const auto has_name = [name](const std::string& variable) {
    return variable.starts_with(name) && variable[name.size()] == '=';
  };
  const auto found = std::find_if(variables.begin(), variables.end(), has_name);
  if (found == variables.end()) return false;
  append_part(message, std::string_view(*found).substr(name.size() + 1));
  return message.text.front() != '\0';
}

}  // namespace

ShellMessage shell_message(const std::vector<std::string>& variables) {
  ShellMessage values;
  const auto append = [&](std::string_view name) { return append_value(values, variables, name); };
  if (variables.size() == kUsualVariables.size() &&
      std::all_of(kUsualVariables.begin(), kUsualVariables.end(), append))
    return values;
  ShellMessage names;
  append_part(names, "");
  for (const auto& variable : variables) append_part(names, variable);
  return names;
}

}  // namespace handler
