// SPDX-License-Identifier: Apache-2.0
#include "cli/line/verb_line.h"

#include <algorithm>
#include <iostream>
#include <string_view>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace cli {
namespace {

// CLI11 says "Could not convert: --port = x"; all that it converts are numbers.
std::string sentence(const CLI::ParseError& wrong) {
  constexpr std::string_view kNoNumber = "Could not convert: ";
  const std::string text = wrong.what();
  return text.starts_with(kNoNumber) ? text.substr(kNoNumber.size()) + " is no number, or too large a one"
                                     : text;
}

/// CLI11 would name them last first.
std::string unexpected(const Arguments& words) {
  std::string text = words.size() == 1 ? "unexpected argument:" : "unexpected arguments:";
  for (const std::string& word : words) text += " " + word;
  return text;
}

}  // namespace

std::optional<int> parse_verb_line(CLI::App& app, const Arguments& arguments) try {
  app.parse(Arguments(arguments.rbegin(), arguments.rend()));  // CLI11 wants the words last first
  return std::nullopt;
} catch (const CLI::CallForHelp&) {
  std::cout << app.help();
  return kSuccess;
} catch (const CLI::ExtrasError&) {
  return refuse(app, unexpected(app.remaining()));
} catch (const CLI::ParseError& wrong) {
  return refuse(app, sentence(wrong));
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

int refuse(const CLI::App& app, const std::string& what) {
  std::cerr << app.get_name() << ": " << what << '\n' << app.get_name() << " --help tells what it takes\n";
  return kUsageError;
}

int refuse(const Context& context, const base::Error& error) {
  context.logger.error(error.message);
  return kUsageError;
}

}  // namespace cli
