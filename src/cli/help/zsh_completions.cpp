// SPDX-License-Identifier: Apache-2.0
#include "base/text/text.h"
#include "cli/help/completion_values.h"
#include "cli/help/completions.h"
#include "cli/line/option_texts.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace cli {
namespace {

/// Brackets and colons have a meaning in a specification of _arguments.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string action(const CompletionValue& value) {
  if (std::holds_alternative<PathValue>(value)) return "_files";
  const auto* words = std::get_if<WordValue>(&value);
  return words == nullptr ? " " : "(" + base::join(*words, " ") + ")";
}

/// "'*'{-e,--event}'[a file]:FILE:_files'": any option may be repeated.
std::string option_spec(const CLI::Option& option) {
  const auto words = words_of(option);
  const auto value = completion_of(value_of(option));
  auto text = "[" + escaped(option.get_description()) + "]";
  if (!std::holds_alternative<NoValue>(value)) text += ":" + escaped(value_of(option)) + ":" + action(value);
  const auto names = words.size() == 1 ? words.front() : "{" + base::join(words, ",") + "}";
  return "'*'" + names + single_quoted(text);
}

std::string positional_spec(const CLI::Option& option) {
  const auto text = "::" + escaped(option.get_description()) + ":" + action(completion_of(value_of(option)));
  return single_quoted(text);
}

std::string row(const Verb& verb, const CLI::App& line) {
  std::string text = "    (" + std::string(verb.name) + ")\n      _arguments -S";
  for (const auto* option : named_options(line)) text += " \\\n        " + option_spec(*option);
  for (const auto* option : positionals(line)) text += " \\\n        " + positional_spec(*option);
  return text + "\n      ;;\n";
}

}  // namespace

std::string zsh_completions() {
  std::string names, rows;
  for (const auto& verb : verbs()) {
    names += "    " + single_quoted(std::string(verb.name) + ":" + escaped(verb.summary)) + "\n";
    verb.show_line([&](const CLI::App& line) { rows += row(verb, line); });
  }
  return "#compdef shellstrap\n# zsh completion for shellstrap, made by: shellstrap completions zsh\n\n"
         "_shellstrap() {\n  local -a verbs=(\n" +
         names +
         "  )\n  if ((CURRENT == 2)); then\n    _describe verb verbs\n    return\n  fi\n"
         "  local verb=$words[2]\n  shift words\n  ((CURRENT--))\n  case $verb in\n" +
         rows +
         "  esac\n}\n\n"
         "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _shellstrap \"$@\"; else compdef _shellstrap "
         "shellstrap; fi\n";
}

}  // namespace cli
