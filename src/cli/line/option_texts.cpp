// SPDX-License-Identifier: Apache-2.0
#include "cli/line/option_texts.h"

#include "base/text/text.h"

#include <algorithm>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace cli {

std::vector<std::string> words_of(const CLI::Option& option) {
  std::vector<std::string> words;
  for (const auto& name : option.get_lnames()) words.push_back("--" + name);
  for (const auto& name : option.get_snames()) words.push_back("-" + name);
  return words;
}

std::string name_of(const CLI::Option& option) {
  const auto words = words_of(option);
  return words.empty() ? option.get_name(true, false) : words.front();
}

std::string value_of(const CLI::Option& option) {
  if (!option.get_option_text().empty()) return option.get_option_text();
  return option.nonpositional() ? "" : option.get_name(true, false);
}

std::vector<std::string> choices_of(std::string_view value) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789._-|";
  if (value.find('|') == std::string_view::npos ||
      value.find_first_not_of(kLetters) != std::string_view::npos)
    return {};
  std::vector<std::string> choices;
  for (const auto choice : base::split(value, '|')) choices.emplace_back(choice);
  return choices;
}

std::vector<const CLI::Option*> named_options(const CLI::App& line) {
  return line.get_options([](const CLI::Option* option) { return option->nonpositional(); });
}

std::vector<const CLI::Option*> positionals(const CLI::App& line) {
  return line.get_options([](const CLI::Option* option) { return !option->nonpositional(); });
}

}  // namespace cli
