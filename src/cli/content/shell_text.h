// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace cli {

/// A place in the text of a shell script, which moves on. Behind the end there are NULs.
class ShellText {
 public:
  explicit ShellText(std::string_view text) : text_(text) {}

  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
  [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[at_]; }
  [[nodiscard]] bool sees(std::string_view what) const { return rest().starts_with(what); }
  [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }
  [[nodiscard]] std::size_t place() const { return at_; }
  [[nodiscard]] std::size_t line() const { return line_; }  ///< from 1

  /// Not at the end.
  char take() {
    const char c = text_[at_++];
    if (c == '\n') ++line_;
    return c;
  }
  void take(std::size_t count) {
    while (count-- > 0 && !at_end()) take();
  }
  void skip_line() {
    while (!at_end() && peek() != '\n') take();
  }
  void skip_blanks() {
    while (peek() == ' ' || peek() == '\t') take();
  }
  /// The rest of a line; its end is taken, too.
  std::string_view take_line() {
    const auto start = at_;
    skip_line();
    const auto line = text_.substr(start, at_ - start);
    if (!at_end()) take();
    return line;
  }
  void give_up() { at_ = text_.size(); }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

}  // namespace cli
