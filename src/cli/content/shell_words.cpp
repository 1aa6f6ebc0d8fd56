// SPDX-License-Identifier: Apache-2.0
#include "cli/content/shell_words.h"

#include <utility>

namespace cli {
namespace {

constexpr int kDeepest = 100;  // of nested $(...)

void add(ShellWord& read, char c) {
  if (read.is_literal) read.text.push_back(c);
}

}  // namespace

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool ends_word(char c) {
  return std::string_view(" \t\r\n;|&()<>").find(c) != std::string_view::npos;
}

ShellWords::Nesting::Nesting(ShellWords& words) : words_(words) {
  if (++words_.depth_ > kDeepest) words_.give_up();
}

ShellWord ShellWords::word() {
  ShellWord read;
  read.line = line();
  const auto start = place();
  while (!at_end() && !at_word_end()) piece(read);
  if (peek() == '(' && !read.is_quoted && read.text.ends_with('=')) array();
  if (place() == start) take(1);  // always onwards
  return read;
}

void ShellWords::piece(ShellWord& read) {
  const char c = peek();
  if (c == '\'') return single_quotes(read);
  if (c == '"') return double_quotes(read);
  if (c == '$' || c == '`') return expansion(read);
  if (c == '*' || c == '?') read.is_literal = false;
  if (c == '\\') {
    take();
    read.is_quoted = true;
    if (at_end()) return;
  }
  add(read, take());
}

void ShellWords::single_quotes(ShellWord& read) {
  read.is_quoted = true;
  take();
  while (!at_end() && peek() != '\'') add(read, take());
  take(1);
}

void ShellWords::double_quotes(ShellWord& read) {
  read.is_quoted = true;
  take();
  while (!at_end() && peek() != '"') {
    if (peek() == '$' || peek() == '`') {
      expansion(read);
      continue;
    }
    if (peek() == '\\') take();
    if (!at_end()) add(read, take());
  }
  take(1);
}

/// $'...'
void ShellWords::escaped_quotes(ShellWord& read) {
  read.is_quoted = true;
  read.is_literal = false;
  take();
  while (!at_end() && peek() != '\'') take(peek() == '\\' ? 2 : 1);
  take(1);
}

void ShellWords::expansion(ShellWord& read) {
  if (peek() == '`') return read.is_literal = false, backticks();
  take();
  if (peek() == '\'') return escaped_quotes(read);
  if (sees("((")) return read.is_literal = false, arithmetic(2);
  if (peek() == '(') return read.is_literal = false, substitution();
  if (peek() == '{') return read.is_literal = false, braces();
  parameter(read);
}

/// $NAME, $1, $?; or a mere dollar sign.
void ShellWords::parameter(ShellWord& read) {
  const bool is_special = !at_end() && std::string_view("@*#?$!-").find(peek()) != std::string_view::npos;
  if (!is_special && !is_name_character(peek())) return add(read, '$');
  read.is_literal = false;
  if (is_special) return take(1);
  while (is_name_character(peek())) take();
}

/// $(...)
void ShellWords::substitution() {
  take();
  list(')');
  take(1);
}

void ShellWords::backticks() {
  take();
  const bool was_in_backticks = std::exchange(in_backticks_, true);
  list('`');
  in_backticks_ = was_in_backticks;
  take(1);
}

/// ${...}: what is substituted in it, and nothing else.
void ShellWords::braces() {
  take();
  const Nesting nesting(*this);
  ShellWord inside;
  while (!at_end() && peek() != '}') {
    const char c = peek();
    if (c == '$' || c == '`')
      expansion(inside);
    else if (c == '"')
      double_quotes(inside);
    else
      take(c == '\\' ? 2 : 1);
  }
  take(1);
}

void ShellWords::arithmetic(int open) {
  take(2);
  ShellWord inside;
  while (!at_end() && open > 0) {
    if (peek() == '$' || peek() == '`') {
      const Nesting nesting(*this);
      if (!at_end()) expansion(inside);
      continue;
    }
    const char c = take();
    open += c == '(' ? 1 : (c == ')' ? -1 : 0);
  }
}

/// NAME=(...)
void ShellWords::array() {
  take();
  while (!at_end() && peek() != ')') {
    if (peek() == '#')
      skip_line();
    else if (ends_word(peek()))
      take();
    else
      word();
  }
  take(1);
}

}  // namespace cli
