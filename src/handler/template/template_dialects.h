// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace handler {

/// What a program takes from its command line as code, or as the program to run. Lists of words are separated
/// by blanks; options are given without "=" and without what is joined to them.
struct Dialect {
  enum class Kind {
    interpreter,  ///< options, then code or a script, then arguments that are data
    wrapper,      ///< options, then the program that it starts
    tool,         ///< options that take code may stand anywhere
  };

  Kind kind = Kind::tool;
  std::string_view names{};              ///< of programs, without versions
  std::string_view code{};               ///< letters of options that take code
  std::string_view code_words{};         ///< options, or words, before code
  std::string_view program{};            ///< letters of options that take the name of a program
  std::string_view argument{};           ///< letters of options that take something else
  std::string_view argument_words{};     ///< long options that take something else
  std::string_view two_arguments{};      ///< long options that take two things
  std::string_view joined{};             ///< letters of options to which the rest of their word belongs
  bool code_is_first_operand = false;    ///< options may follow -c, also in its word
  bool reads_options_after_code = true;  ///< false: what follows code is data, whatever it looks like
  bool takes_assignments = false;        ///< NAME=value may precede the program
  std::string_view program_words{};      ///< of a tool: options before a program and its arguments
  int operands = 0;                      ///< of a wrapper, before the program
  std::string_view first_operand{};      ///< of a tool: what it takes that for, where that is code
};

/// The dialect of the program at `path`; nullptr: it has none that we know.
const Dialect* find_dialect(std::string_view path);

/// Whether the list has the word.
bool lists(std::string_view words, std::string_view word);

}  // namespace handler
