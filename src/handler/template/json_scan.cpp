// SPDX-License-Identifier: Apache-2.0
#include "handler/template/json_scan.h"

#include "base/text/utf8_check.h"

#include <vector>

namespace handler {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_blank(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}
bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= ' ' && byte < 0x80 && c != '"' && c != '\\';
}

// Nesting is a list of our own: a text of nothing but brackets must not take the stack.
class Scan {
 public:
  Scan(std::string_view text, JsonVisitor& visitor) : text_(text), visitor_(visitor) {}

  std::optional<JsonFault> run() {
    bool fine = value();
    while (fine && !open_.empty()) fine = step();
    skip_blanks();
    if (fine && at_ < text_.size()) fail("the end");
    return std::move(fault_);
  }

 private:
  // A scalar, or the start of a container, whose entries are left to step().
  bool value() {
    skip_blanks();
    visitor_.begin(at_);
    const char c = current();
    if (c != '{' && c != '[') return scalar(c) && ended();
    ++at_;
    open_.push_back(c == '{');
    just_opened_ = true;
    visitor_.open();
    return true;
  }

  // One entry of the innermost container, or its end.
  bool step() {
    const bool is_object = open_.back();
    skip_blanks();
    if (take(is_object ? '}' : ']')) return closed();
    if (!just_opened_ && !take(',')) return fail(is_object ? "\",\" or \"}\"" : "\",\" or \"]\"");
    just_opened_ = false;
    if (is_object) return name() && value();
    visitor_.element();
    return value();
  }

  bool closed() {
    open_.pop_back();
    just_opened_ = false;
    visitor_.close();
    return ended();
  }

  bool ended() {
    visitor_.end(at_);
    return true;
  }

  bool name() {
    skip_blanks();
    const auto start = at_;
    if (current() != '"') return fail("a member's name in quotes");
    if (!string()) return false;
    const auto literal = text_.substr(start, at_ - start);
    skip_blanks();
    if (!take(':')) return fail("\":\"");
    visitor_.member(literal);
    return true;
  }

  bool scalar(char first) {
    if (first == '"') return string();
    if (first == '-' || is_digit(first)) return number();
    for (const std::string_view word : {"true", "false", "null"})
      if (text_.substr(at_).starts_with(word)) return at_ += word.size(), true;
    return fail("a value");
  }

  bool string() {
    ++at_;
    for (;;) {
      while (at_ < text_.size() && is_plain(text_[at_])) ++at_;
      if (at_ == text_.size()) return fail("the end of a string");
      if (take('"')) return true;
      if (text_[at_] == '\\' ? !escape() : !character()) return false;
    }
  }

  bool escape() {
    ++at_;
    const char c = current();
    if (c != '\0' && std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos) return ++at_, true;
    if (c != 'u') return fail("an escape of JSON");
    ++at_;
    for (int digit = 0; digit < 4; ++digit, ++at_)
      if (!is_hex(current())) return fail("four hexadecimal digits");
    return true;
  }

  // One that is not ASCII, or a control character.
  bool character() {
    const auto lead = base::utf8_lead(static_cast<unsigned char>(text_[at_]));
    if (lead.length < 2) return fail(lead.length == 1 ? "no control character" : "UTF-8");
    const auto bytes = text_.substr(at_, lead.length);
    if (base::Utf8Check check; !check.take(bytes) || !check.complete()) return fail("UTF-8");
    at_ += lead.length;
    return true;
  }

  bool number() {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (!take('e') && !take('E')) return true;
    if (!take('-')) take('+');
    return digits();
  }

  bool digits() {
    const auto start = at_;
    while (is_digit(current())) ++at_;
    return at_ > start || fail("a digit");
  }

  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }

  [[nodiscard]] char current() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  bool fail(std::string expected) {
    fault_ = JsonFault{at_, std::move(expected)};
    return false;
  }

  std::string_view text_;
  JsonVisitor& visitor_;
  std::size_t at_ = 0;
  std::vector<bool> open_;  // innermost last; true: an object
  bool just_opened_ = false;
  std::optional<JsonFault> fault_;
};

}  // namespace

std::optional<JsonFault> scan_json(std::string_view text, JsonVisitor& visitor) {
  return Scan(text, visitor).run();
}

}  // namespace handler
