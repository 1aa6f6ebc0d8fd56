// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace cli {

/// What is read off a verb's line for completions, pages and suggestions.

/// "--event", "-e"; of a positional none.
std::vector<std::string> words_of(const CLI::Option& option);
/// The long name where there is one: "--event"; of a positional its name, "HANDLER".
std::string name_of(const CLI::Option& option);
/// What it takes: "FILE|-"; of a positional its text where it has one, else its name; of a flag nothing.
std::string value_of(const CLI::Option& option);
/// "x86_64|arm64" as two words; empty where the text is no choice: some letter is a capital, or it has one
/// word only.
std::vector<std::string> choices_of(std::string_view value);

/// The options of a line, and apart from them its positionals.
std::vector<const CLI::Option*> named_options(const CLI::App& line);
std::vector<const CLI::Option*> positionals(const CLI::App& line);

}  // namespace cli
