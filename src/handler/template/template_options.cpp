// SPDX-License-Identifier: Apache-2.0
#include "handler/template/template_options.h"

namespace handler {
namespace {

using Follows = OptionReading::Follows;

bool has_letter(std::string_view letters, char letter) {
  return letters.find(letter) != std::string_view::npos;
}

// Of a shell each letter is read, and words behind are taken in turn: -oc pipefail CODE.
OptionReading read_shell_letters(const Dialect& dialect, std::string_view letters) {
  bool code = false;
  bool argument = false;
  for (const char letter : letters) {
    code |= has_letter(dialect.code, letter);
    argument |= has_letter(dialect.argument, letter);
  }
  if (argument) return {.follows = Follows::argument, .code_later = code};
  return {.follows = code ? Follows::code : Follows::nothing};
}

OptionReading read_letters(const Dialect& dialect, std::string_view letters) {
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const bool is_joined = i + 1 < letters.size();
    if (has_letter(dialect.code, letters[i])) return {.follows = Follows::code, .is_joined = is_joined};
    if (has_letter(dialect.program, letters[i])) return {.follows = Follows::program, .is_joined = is_joined};
    if (has_letter(dialect.argument, letters[i]))
      return {.follows = Follows::argument, .is_joined = is_joined};
    if (has_letter(dialect.joined, letters[i])) break;
  }
  return {};
}

}  // namespace

OptionReading read_option(const Dialect& dialect, std::string_view text) {
  const auto name = text.substr(0, text.find('='));
  const bool is_joined = name.size() < text.size();
  if (lists(dialect.code_words, name)) return {.follows = Follows::code, .is_joined = is_joined};
  if (lists(dialect.two_arguments, name)) return {.follows = Follows::two_arguments, .is_joined = is_joined};
  if (lists(dialect.argument_words, name)) return {.follows = Follows::argument, .is_joined = is_joined};
  if (text.starts_with("--")) return {};
  return dialect.code_is_first_operand ? read_shell_letters(dialect, text.substr(1))
                                       : read_letters(dialect, text.substr(1));
}

}  // namespace handler
