// SPDX-License-Identifier: Apache-2.0
#include "event/json/json_members.h"

#include <cstddef>
#include <utility>

namespace event {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool ends_scalar(char c) {
  return c == ',' || c == '}' || c == ']' || is_blank(c);
}

// A cursor over the outermost object or array: what is inside its values is only skipped.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::optional<std::vector<Member>> object() {
    std::vector<Member> members;
    if (!take('{')) return std::nullopt;
    if (take('}')) return at_end(std::move(members));
    do {
      const auto key = string();
      if (!key || !take(':')) return std::nullopt;
      const auto value = this->value();
      if (!value) return std::nullopt;
      members.push_back({key->substr(1, key->size() - 2), *value});
    } while (take(','));
    if (!take('}')) return std::nullopt;
    return at_end(std::move(members));
  }

  std::optional<std::vector<std::string_view>> array() {
    std::vector<std::string_view> elements;
    if (!take('[')) return std::nullopt;
    if (take(']')) return at_end(std::move(elements));
    do {
      const auto value = this->value();
      if (!value) return std::nullopt;
      elements.push_back(*value);
    } while (take(','));
    if (!take(']')) return std::nullopt;
    return at_end(std::move(elements));
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }

  bool take(char expected) {
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != expected) return false;
    ++at_;
    return true;
  }

  template <typename List>
  std::optional<List> at_end(List list) {
    skip_blanks();
    if (at_ != text_.size()) return std::nullopt;
    return list;
  }

  std::optional<std::string_view> string() {
    skip_blanks();
    const auto start = at_;
    if (at_ >= text_.size() || text_[at_] != '"') return std::nullopt;
    ++at_;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') return text_.substr(start, ++at_ - start);
      if (text_[at_] == '\\') ++at_;
    }
    return std::nullopt;
  }

  std::optional<std::string_view> value() {
    skip_blanks();
    if (at_ >= text_.size()) return std::nullopt;
    if (text_[at_] == '"') return string();
    if (text_[at_] == '{' || text_[at_] == '[') return nested();
    const auto start = at_;
    while (at_ < text_.size() && !ends_scalar(text_[at_])) ++at_;
    if (at_ == start) return std::nullopt;
    return text_.substr(start, at_ - start);
  }

  std::optional<std::string_view> nested() {
    const auto start = at_;
    std::size_t depth = 0;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"' && !string()) return std::nullopt;
      if (c == '"') continue;
      ++at_;
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && --depth == 0) return text_.substr(start, at_ - start);
    }
    return std::nullopt;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<std::vector<Member>> members_of(std::string_view json) {
  return Scanner(json).object();
}

std::optional<std::vector<std::string_view>> elements_of(std::string_view json) {
  return Scanner(json).array();
}

const Member* find_member(const std::vector<Member>& members, std::string_view key) {
  for (auto member = members.rbegin(); member != members.rend(); ++member)
    if (member->key == key) return &*member;
  return nullptr;
}

bool is_string(std::string_view value) {
  return value.size() >= 2 && value.front() == '"';
}

}  // namespace event
