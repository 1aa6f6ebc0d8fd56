// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/content/shell_text.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace cli {

struct ShellWord {
  std::string text;        ///< without quotes, up to the first expansion
  bool is_literal = true;  ///< nothing in it is expanded
  bool is_quoted = false;  ///< a part of it is
  std::size_t line = 1;
};

bool is_name_character(char c);
bool ends_word(char c);

/// The words of a shell script, with their quotes and expansions. What is between the words, and so what
/// $(...) holds, is for who derives from it.
class ShellWords : protected ShellText {
 public:
  virtual ~ShellWords() = default;

 protected:
  explicit ShellWords(std::string_view text) : ShellText(text) {}

  /// Commands up to `end`, which is not taken.
  virtual void list(char end) = 0;

  /// Takes at least one character.
  ShellWord word();
  /// ((...)), or what is left of it, with so many brackets open behind the next two characters.
  void arithmetic(int open);

  /// One more level of $(...) and its like. Foreign text must not use up the stack: too deep, all of it is
  /// given up.
  class Nesting {
   public:
    explicit Nesting(ShellWords& words);
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    ~Nesting() { --words_.depth_; }

   private:
    ShellWords& words_;
  };

 private:
  [[nodiscard]] bool at_word_end() const { return ends_word(peek()) || (in_backticks_ && peek() == '`'); }
  void piece(ShellWord& read);
  void single_quotes(ShellWord& read);
  void double_quotes(ShellWord& read);
  void escaped_quotes(ShellWord& read);
  void expansion(ShellWord& read);
  void parameter(ShellWord& read);
  void substitution();
  void backticks();
  void braces();
  void array();

  int depth_ = 0;
  bool in_backticks_ = false;  ///< the next one ends words
};

}  // namespace cli
