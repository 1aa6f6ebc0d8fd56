// SPDX-License-Identifier: Apache-2.0
#include "handler/template/template_program.h"

#include "handler/template/template_dialects.h"
#include "handler/template/template_options.h"

#include <utility>

namespace handler {
namespace {

using Kind = Dialect::Kind;
using Follows = OptionReading::Follows;

void read_from(std::size_t at, const std::vector<Template>& words, ProgramReading& reading);

std::string_view own_start(const Template& word) {
  const auto* literal = word.parts.empty() ? nullptr : std::get_if<std::string>(&word.parts.front());
  return literal == nullptr ? std::string_view() : *literal;
}

bool is_option(const Template& word) {
  return own_start(word).size() > 1 && own_start(word)[0] == '-';
}

bool may_vanish(const Template& word) {
  if (word.parts.size() != 1) return false;
  const auto* place = std::get_if<Placeholder>(&word.parts.front());
  return place != nullptr && place->kind == Placeholder::Kind::list;
}

bool may_become_option(const Template& word) {
  const auto* place = word.parts.empty() ? nullptr : std::get_if<Placeholder>(&word.parts.front());
  return place != nullptr && place->may_be_option;
}

// The words of one program, from `at` on. Those behind it start another where this one is a wrapper.
class Reader {
 public:
  Reader(const std::vector<Template>& words, std::size_t at, const Dialect& dialect, ProgramReading& reading)
      : words_(words), at_(at + 1), name_(words[at].text()), dialect_(dialect), reading_(reading) {}

  /// The word that is the next program; nullopt: there is none.
  std::optional<std::size_t> read() {
    if (dialect_.kind == Kind::tool) return read_tool(), std::nullopt;
    while (at_ < words_.size() && take(words_[at_])) ++at_;
    return program_;
  }

 private:
  // False: from here on everything is data, or belongs to another program; or a misuse was found.
  bool take(const Template& word) {
    if (is_double_dash(word)) return true;
    return !only_operands_ && is_code_word(word) ? option(word) : operand(word);
  }

  bool is_double_dash(const Template& word) {
    if (only_operands_ || !word.is_literal() || word.text() != "--") return false;
    return only_operands_ = true;
  }

  [[nodiscard]] bool is_code_word(const Template& word) const {
    return is_option(word) || (word.is_literal() && lists(dialect_.code_words, word.text()));
  }

  bool option(const Template& word) {
    if (!word.is_literal()) return refuse_option();
    const auto read = read_option(dialect_, word.text());
    has_code_ |= read.follows == Follows::code && read.is_joined;
    code_follows_ |= read.code_later || (read.follows == Follows::code && !read.is_joined);
    if (read.follows == Follows::program && read.is_joined) return false;
    if (read.follows == Follows::nothing || read.follows == Follows::code || read.is_joined) return true;
    return argument_of_option(read.follows);
  }

  bool argument_of_option(Follows what) {
    if (++at_ == words_.size()) return false;
    const bool may_be_data = what == Follows::argument && dialect_.kind == Kind::wrapper;
    if (!may_be_data && !words_[at_].is_literal()) return refuse_option();
    return what != Follows::program;
  }

  bool operand(const Template& word) {
    if (dialect_.kind == Kind::wrapper && !code_follows_) return operand_of_wrapper(word);
    if (has_code_ && !code_follows_) return argument(word);
    if (!word.is_literal()) return refuse("it is what " + name_ + " runs, which cannot come from an event");
    const bool was_code = code_follows_;
    code_follows_ = false;
    has_code_ = true;
    return was_code && dialect_.reads_options_after_code && !only_operands_;
  }

  // Behind code: an interpreter may go on to read options until something is none.
  bool argument(const Template& word) {
    if (!only_operands_ && may_become_option(word))
      return refuse("marked with ! it could be an option of " + name_ + "; put -- before it");
    return may_vanish(word);
  }

  bool operand_of_wrapper(const Template& word) {
    if (dialect_.takes_assignments && own_start(word).find('=') != std::string_view::npos) return true;
    if (operands_++ < dialect_.operands) return true;
    if (!word.is_literal()) return refuse("the program itself cannot come from an event");
    program_ = at_;
    return false;
  }

  // Code may stand anywhere up to "--"; everything else is the tool's own.
  void read_tool() {
    has_code_ = dialect_.first_operand.empty();
    for (; at_ < words_.size(); ++at_) {
      const auto& word = words_[at_];
      if (is_double_dash(word)) continue;
      if (word.is_literal() && lists(dialect_.program_words, word.text()) && !program_of_tool()) return;
      if (!only_operands_ && is_option(word) ? !option_of_tool(word) : !operand_of_tool(word)) return;
    }
  }

  // Behind -exec of find.
  bool program_of_tool() {
    if (at_ + 1 == words_.size()) return false;
    if (!words_[++at_].is_literal()) return refuse("the program itself cannot come from an event");
    const auto own_arguments = reading_.arguments;
    read_from(at_, words_, reading_);
    reading_.arguments = own_arguments;
    return !reading_.misuse;
  }

  bool operand_of_tool(const Template& word) {
    if (!std::exchange(has_code_, true) && !word.is_literal())
      reading_.doubt = {at_, name_ + " takes it for " + std::string(dialect_.first_operand)};
    return true;
  }

  bool option_of_tool(const Template& word) {
    const auto read = read_option(dialect_, own_start(word));
    const bool is_code = read.follows == Follows::code;
    has_code_ |= is_code;
    if (is_code && !word.is_literal()) return refuse_code();
    if (read.follows == Follows::nothing || read.is_joined || !word.is_literal()) return true;
    const auto last = at_ + (read.follows == Follows::two_arguments ? 2 : 1);
    while (at_ < last && at_ + 1 < words_.size()) {
      ++at_;
      if (is_code && !words_[at_].is_literal()) return refuse_code();
    }
    return true;
  }

  bool refuse(std::string what) {
    reading_.misuse = {at_, std::move(what)};
    return false;
  }
  bool refuse_option() { return refuse("options of " + name_ + " cannot come from an event"); }
  bool refuse_code() { return refuse("it is code to " + name_ + ", which cannot come from an event"); }

  const std::vector<Template>& words_;
  std::size_t at_;
  std::string name_;
  const Dialect& dialect_;
  ProgramReading& reading_;
  std::optional<std::size_t> program_;
  int operands_ = 0;
  bool only_operands_ = false;  // behind "--"
  bool code_follows_ = false;   // the next operand is code
  bool has_code_ = false;
};

// The program at `at`, and those that it and its like start.
void read_from(std::size_t at, const std::vector<Template>& words, ProgramReading& reading) {
  while (const auto* dialect = find_dialect(words[at].text())) {
    const auto next = Reader(words, at, *dialect, reading).read();
    if (!next || reading.misuse) return;
    at = *next;
    reading.arguments = at + 1;
  }
}

}  // namespace

ProgramReading read_program(const std::vector<Template>& words) {
  ProgramReading reading;
  read_from(0, words, reading);
  return reading;
}

}  // namespace handler
