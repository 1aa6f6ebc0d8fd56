// SPDX-License-Identifier: Apache-2.0
// SHELLSTRAP_COMMAND: a JSON array or shell words; and options for a shell.
#include "fuzz.h"
#include "handler/shell/shell_options.h"
#include "handler/shell/shell_words.h"

using fuzzing::require;

namespace {

std::string quoted(const std::string& word) {
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

void check_words(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += quoted(word) + " ";
  const auto again = handler::split_shell_words(text);
  require(again.ok() && *again == words, "words that are quoted are the same words");
}

}  // namespace

void fuzz(std::string_view input) {
  if (const auto words = handler::split_shell_words(input)) check_words(*words);
  if (const auto command = handler::parse_command(input)) {
    require(!command->empty() && !command->front().empty(), "a command has a first word");
    for (const auto& word : *command)
      require(word.find('\0') == std::string::npos, "an argument has no NUL byte");
  }
  static_cast<void>(handler::parse_shell_options(input));
}
