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

/// fish knows two escapes in single quotes, of the quote and of the backslash.
std::string fish_word(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string offer(const CompletionValue& value) {
  if (std::holds_alternative<PathValue>(value)) return " -F";
  const auto* words = std::get_if<WordValue>(&value);
  return words == nullptr ? "" : " -a " + fish_word(base::join(*words, " "));
}

std::string rule_of(const Verb& verb) {
  return "complete -c shellstrap -n '__fish_seen_subcommand_from " + std::string(verb.name) + "'";
}

std::string option_row(const Verb& verb, const CLI::Option& option) {
  std::string text = rule_of(verb);
  for (const auto& name : option.get_lnames()) text += " -l " + name;
  for (const auto& name : option.get_snames()) text += " -s " + name;
  const auto value = completion_of(value_of(option));
  if (!std::holds_alternative<NoValue>(value)) text += " -x" + offer(value);
  return text + " -d " + fish_word(option.get_description()) + "\n";
}

}  // namespace

std::string fish_completions() {
  std::string text =
      "# fish completion for shellstrap, made by: shellstrap completions fish\n"
      "complete -c shellstrap -f\n";
  for (const auto& verb : verbs()) {
    text += "complete -c shellstrap -n __fish_use_subcommand -a " + std::string(verb.name) + " -d " +
            fish_word(verb.summary) + "\n";
    verb.show_line([&](const CLI::App& line) {
      for (const auto* option : named_options(line)) text += option_row(verb, *option);
      const auto others = positionals(line);
      if (!others.empty()) text += rule_of(verb) + offer(completion_of(value_of(*others.front()))) + "\n";
    });
  }
  return text;
}

}  // namespace cli
