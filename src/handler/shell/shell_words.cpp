// SPDX-License-Identifier: Apache-2.0
#include "handler/shell/shell_words.h"

#include "base/text/text.h"
#include "event/json/json_check.h"

#include <nlohmann/json.hpp>

namespace handler {
namespace {

using Words = std::vector<std::string>;

constexpr std::string_view kQuotedInDoubleQuotes = "\"\\$`";

// One pass over the text; each method consumes what it is named after.
class WordSplitter {
 public:
  explicit WordSplitter(std::string_view text) : rest_(text) {}

  base::Result<Words> split() {
    while (!rest_.empty()) {
      if (auto taken = take_next(); !taken) return taken.error();
    }
    finish_word();
    return std::move(words_);
  }

 private:
  base::Status take_next() {
    const char c = take();
    if (c == ' ' || c == '\t' || c == '\n') {
      finish_word();
      return base::Done{};
    }
    in_word_ = true;
    if (c == '\'') return take_single_quoted();
    if (c == '"') return take_double_quoted();
    if (c == '\\') return take_escaped();
    word_ += c;
    return base::Done{};
  }

  base::Status take_single_quoted() {
    const auto end = rest_.find('\'');
    if (end == std::string_view::npos) return base::Error{"a single quote is not closed"};
    word_ += rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return base::Done{};
  }

  base::Status take_double_quoted() {
    while (!rest_.empty()) {
      const char c = take();
      if (c == '"') return base::Done{};
      // Inside double quotes a backslash quotes only these; elsewhere it stands for itself.
      const bool quotes_next =
          c == '\\' && !rest_.empty() && kQuotedInDoubleQuotes.find(rest_[0]) != std::string_view::npos;
      word_ += quotes_next ? take() : c;
    }
    return base::Error{"a double quote is not closed"};
  }

  base::Status take_escaped() {
    if (rest_.empty()) return base::Error{"a backslash at the end quotes nothing"};
    word_ += take();
    return base::Done{};
  }

  void finish_word() {
    if (in_word_) words_.push_back(std::move(word_));
    word_.clear();
    in_word_ = false;
  }

  char take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  std::string_view rest_;
  std::string word_;
  bool in_word_ = false;  // an empty quoted word is a word, too
  Words words_;
};

base::Result<Words> words_of_json(std::string_view text) {
  if (const auto fault = event::json_fault(text))
    return base::Error{"it starts with [ but is not a JSON array: " + *fault};
  const auto parsed = nlohmann::json::parse(text, nullptr, false);
  Words words;
  for (const auto& element : parsed) {
    if (!element.is_string()) return base::Error{"every element of the JSON array must be a string"};
    words.push_back(element.get<std::string>());
  }
  return words;
}

base::Status check_words(const Words& words) {
  if (words.empty() || words.front().empty()) return base::Error{"it names no program"};
  for (const auto& word : words)
    if (word.find('\0') != std::string::npos) return base::Error{"a NUL byte cannot be part of an argument"};
  return base::Done{};
}

}  // namespace

base::Result<Words> split_shell_words(std::string_view text) {
  return WordSplitter(text).split();
}

base::Result<Words> parse_command(std::string_view text) {
  text = base::trim(text);
  auto words = text.starts_with('[') ? words_of_json(text) : split_shell_words(text);
  if (!words) return words;
  if (auto checked = check_words(*words); !checked) return checked.error();
  return words;
}

}  // namespace handler
