// SPDX-License-Identifier: Apache-2.0
#include "cli/line/verb_line.h"

#include "base/text/nearest.h"
#include "base/text/text.h"
#include "cli/line/option_texts.h"
#include "cli/line/terminal.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <string_view>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace cli {
namespace {

std::string in_quotes(std::string_view word) {
  return "\"" + std::string(word) + "\"";
}

/// "a, b or c".
std::string listed(const std::vector<std::string>& words) {
  const std::vector<std::string> but_last(words.begin(), words.end() - 1);
  return but_last.empty() ? words.back() : base::join(but_last, ", ") + " or " + words.back();
}

std::string meant(std::string_view word, const std::vector<std::string>& names) {
  return base::did_you_mean(word, std::vector<std::string_view>(names.begin(), names.end()));
}

// CLI11 says "Could not convert: --port = x"; all that it converts are numbers.
std::string no_number(std::string_view said) {
  constexpr std::string_view kBetween = " = ";
  said.remove_prefix(std::min(said.find(": ") + 2, said.size()));
  const auto between = std::min(said.find(kBetween), said.size());
  const auto name = said.substr(0, between);
  const auto value = said.substr(std::min(between + kBetween.size(), said.size()));
  const bool is_too_large = !value.empty() && value.find_first_not_of("0123456789") == std::string_view::npos;
  return std::string(name) + " takes a number, " + (is_too_large ? "and not so large a one as " : "not ") +
         in_quotes(value);
}

/// Of "--event: 1 required FILE|- missing".
std::string no_value(const CLI::App& app, std::string_view said) {
  const auto name = std::string(said.substr(0, said.find(": ")));
  const auto* option = app.get_option_no_throw(name);
  const auto value = option == nullptr ? "" : value_of(*option);
  return value.empty() ? name + " takes no value" : name + " takes a value, " + value + ": it is missing";
}

/// Of "PACKAGE is required".
std::string missing(const CLI::App& app, std::string_view said) {
  const auto name = std::string(said.substr(0, said.find(' ')));
  const auto* option = app.get_option_no_throw(name);
  return name + " is missing" + (option == nullptr ? "" : ": " + option->get_description());
}

std::string sentence(const CLI::App& app, const CLI::ParseError& wrong) {
  if (dynamic_cast<const CLI::ConversionError*>(&wrong) != nullptr) return no_number(wrong.what());
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&wrong) != nullptr) return no_value(app, wrong.what());
  if (dynamic_cast<const CLI::RequiredError*>(&wrong) != nullptr) return missing(app, wrong.what());
  return wrong.what();
}

std::string unknown_option(const CLI::App& app, std::string_view word) {
  std::vector<std::string> names;
  for (const auto* option : named_options(app))
    for (auto& name : words_of(*option)) names.push_back(std::move(name));
  const auto name = word.substr(0, word.find('='));
  return "there is no option " + std::string(name) + "." + meant(name, names);
}

/// What is left over: an option that is none, before everything else.
std::string unexpected(const CLI::App& app, const Arguments& words) {
  const auto option =
      std::ranges::find_if(words, [](const auto& word) { return word.size() > 1 && word[0] == '-'; });
  if (option != words.end()) return unknown_option(app, *option);
  std::string text = words.size() == 1 ? "unexpected argument:" : "unexpected arguments:";
  for (const std::string& word : words) text += " " + word;
  return text;
}

/// What is wrong with the words given to options that take one of a few.
std::string wrong_choice(const CLI::App& app) {
  for (const auto* option : app.get_options()) {
    const auto choices = choices_of(value_of(*option));
    if (choices.empty()) continue;
    for (const auto& word : option->results())
      if (std::ranges::find(choices, word) == choices.end())
        return name_of(*option) + " takes " + listed(choices) + ", not " + in_quotes(word) + "." +
               meant(word, choices);
  }
  return "";
}

}  // namespace

std::optional<int> parse_verb_line(CLI::App& app, const Arguments& arguments) try {
  app.parse(Arguments(arguments.rbegin(), arguments.rend()));  // CLI11 wants the words last first
  if (const auto wrong = wrong_choice(app); !wrong.empty()) return refuse(app, wrong);
  return std::nullopt;
} catch (const CLI::CallForHelp&) {
  std::cout << app.help();
  return kSuccess;
} catch (const CLI::ExtrasError&) {
  return refuse(app, unexpected(app, app.remaining()));
} catch (const CLI::ParseError& wrong) {
  return refuse(app, sentence(app, wrong));
}

std::optional<int> parse_verb_line(CLI::App& app, const Arguments& arguments,
                                   std::vector<std::string>& command) {
  const auto separator = std::ranges::find(arguments, "--");
  if (separator != arguments.end()) command.assign(separator + 1, arguments.end());
  if (auto status = parse_verb_line(app, Arguments(arguments.begin(), separator))) return status;
  if (separator != arguments.end() && command.empty())
    return refuse(app, "a command is missing after \"--\"");
  return std::nullopt;
}

int refuse(const std::string& what, const std::string& command) {
  std::cerr << "shellstrap: " << in_colour(Colour::red, "error:", STDERR_FILENO) << ' ' << what << '\n'
            << command << " --help tells what it takes\n";
  return kUsageError;
}

int refuse(const CLI::App& app, const std::string& what) {
  return refuse(what, app.get_name());
}

int refuse(const Context& context, const base::Error& error) {
  context.logger.error(error.message);
  return kUsageError;
}

}  // namespace cli
