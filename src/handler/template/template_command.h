// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "handler/spec/spec.h"
#include "handler/spec/template.h"

#include <string>
#include <variant>
#include <vector>

namespace handler {

/// A command whose words may be templates, checked.
struct CommandTemplate {
  /// Of each word what is its own: all of it but for templates.
  std::vector<std::string> words;
  /// Of the words behind the program; empty: none of them depends on the event.
  std::vector<Template> arguments;
  std::size_t first_guarded = 0;      ///< of `arguments`: the first one that is the program's own
  std::string answer_file;            ///< that one of them names; empty: none does
  std::vector<std::string> warnings;  ///< for the log, once
};

/// Parses the words of SHELLSTRAP_COMMAND and checks what no event decides: the program, its code and its
/// options. The problem's message has a caret under the place. Pure.
std::variant<CommandTemplate, InitProblem> parse_command_template(const std::vector<std::string>& words);

}  // namespace handler
