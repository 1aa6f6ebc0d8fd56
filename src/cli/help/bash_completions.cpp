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

// bash takes "=" for a word of its own: "--arch=arm" comes as three.
constexpr auto kHead = R"bash(# bash completion for shellstrap, made by: shellstrap completions bash
# shellcheck shell=bash

_shellstrap_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$word"); }

_shellstrap_paths() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -f -- "$word")
}

# The values of an option; fails where it takes none.
_shellstrap_value() {
  case $1 in
)bash";

constexpr auto kMiddle = R"bash(    *) return 1 ;;
  esac
}

# The options of a verb, or what it takes without one.
_shellstrap_line() {
  case $verb in
)bash";

constexpr auto kTail = R"bash(  esac
  if [[ $word == -* ]]; then _shellstrap_words "$options"; else "${others[@]}"; fi
}

_shellstrap() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} verb=${COMP_WORDS[1]-}
  local options='' others=(_shellstrap_paths)
  COMPREPLY=()
  if [[ $word == = ]]; then word=''; elif [[ $before == = ]]; then before=${COMP_WORDS[COMP_CWORD - 2]}; fi
  if ((COMP_CWORD == 1)); then
    _shellstrap_words "$_shellstrap_verbs"
  elif [[ " ${COMP_WORDS[*]:0:COMP_CWORD} " == *' -- '* ]]; then
    _shellstrap_paths
  elif ! _shellstrap_value "$verb:$before"; then
    _shellstrap_line
  fi
}

complete -F _shellstrap shellstrap
)bash";

/// A command that fills COMPREPLY; of a free value one that leaves it empty.
std::string offer(const CompletionValue& value) {
  if (std::holds_alternative<PathValue>(value)) return "_shellstrap_paths";
  const auto* words = std::get_if<WordValue>(&value);
  return words == nullptr ? ":" : "_shellstrap_words " + single_quoted(base::join(*words, " "));
}

/// "    invoke:--event | invoke:-e) _shellstrap_paths ;;"
std::string value_row(const Verb& verb, const CLI::Option& option) {
  const auto value = completion_of(value_of(option));
  // What may be left out stands behind "=" only; see serve --url.
  if (std::holds_alternative<NoValue>(value)) return "";
  std::vector<std::string> patterns;
  for (const auto& word : words_of(option)) patterns.push_back(std::string(verb.name) + ":" + word);
  return "    " + base::join(patterns, " | ") + ") " + offer(value) + " ;;\n";
}

std::string line_row(const Verb& verb, const CLI::App& line) {
  std::vector<std::string> options;
  for (const auto* option : named_options(line))
    for (auto& word : words_of(*option)) options.push_back(std::move(word));
  const auto others = positionals(line);
  const auto first = others.empty() ? std::string(":") : offer(completion_of(value_of(*others.front())));
  return "    " + std::string(verb.name) + ") options=" + single_quoted(base::join(options, " ")) +
         " others=(" + first + ") ;;\n";
}

}  // namespace

std::string bash_completions() {
  std::string values, lines;
  for (const auto& verb : verbs())
    verb.show_line([&](const CLI::App& line) {
      for (const auto* option : named_options(line)) values += value_row(verb, *option);
      lines += line_row(verb, line);
    });
  std::vector<std::string> names;
  for (const auto name : verb_names()) names.emplace_back(name);
  return kHead + values + kMiddle + lines + std::string(kTail) +
         "_shellstrap_verbs=" + single_quoted(base::join(names, " ")) + "\n";
}

}  // namespace cli
