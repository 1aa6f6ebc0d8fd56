// SPDX-License-Identifier: Apache-2.0
#include "event/json_text.h"

#include "base/base64.h"
#include "event/pieces.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace event {
namespace {

constexpr unsigned kFirstHigh = 0xD800;
constexpr unsigned kFirstLow = 0xDC00;
constexpr unsigned kAfterSurrogates = 0xE000;
constexpr unsigned kReplacement = 0xFFFD;

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// A cursor over the outermost object: what is inside its values is only skipped.
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

  std::optional<std::vector<Member>> at_end(std::vector<Member> members) {
    skip_blanks();
    if (at_ != text_.size()) return std::nullopt;
    return members;
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
    while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '}' && !is_blank(text_[at_])) ++at_;
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

void append_utf8(std::string& text, unsigned code) {
  const auto tail = [&](unsigned shift) { text += static_cast<char>(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | code >> 6);
    tail(0);
  } else if (code < 0x10000) {
    text += static_cast<char>(0xE0 | code >> 12);
    tail(6), tail(0);
  } else {
    text += static_cast<char>(0xF0 | code >> 18);
    tail(12), tail(6), tail(0);
  }
}

char escape_of(char c) {
  switch (c) {
    case '"':
    case '\\':
      return c;
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return '\0';
  }
}

char unescaped(char c) {
  constexpr std::string_view kNames = "\"\\/bfnrt";
  constexpr std::string_view kValues = "\"\\/\b\f\n\r\t";
  const auto at = kNames.find(c);
  return at == std::string_view::npos ? '\0' : kValues[at];
}

}  // namespace

std::optional<std::vector<Member>> members_of(std::string_view json) {
  return Scanner(json).object();
}

const Member* find_member(const std::vector<Member>& members, std::string_view key) {
  for (auto member = members.rbegin(); member != members.rend(); ++member)
    if (member->key == key) return &*member;
  return nullptr;
}

bool is_string(std::string_view value) {
  return value.size() >= 2 && value.front() == '"';
}

bool StringReader::read(std::size_t limit, std::string& text) {
  const auto end = text.size() + limit;
  while (!rest_.empty() && text.size() < end) {
    std::size_t plain = 0;
    const auto most = std::min(rest_.size(), end - text.size());
    while (plain < most && rest_[plain] != '\\' && static_cast<unsigned char>(rest_[plain]) >= ' ') ++plain;
    text.append(rest_.substr(0, plain));
    rest_.remove_prefix(plain);
    if (plain == most) continue;
    if (rest_[0] != '\\' || !read_escape(text)) return false;
  }
  return true;
}

bool StringReader::read_escape(std::string& text) {
  if (rest_.size() < 2) return false;
  const char c = rest_[1];
  if (c == 'u') return read_code_point(text);
  const char plain = unescaped(c);
  if (plain == '\0') return false;
  text += plain;
  rest_.remove_prefix(2);
  return true;
}

bool StringReader::read_code_point(std::string& text) {
  auto code = read_unit();
  if (!code) return false;
  if (*code >= kFirstHigh && *code < kFirstLow && rest_.starts_with("\\u")) {
    const auto before = rest_;
    const auto low = read_unit();
    if (!low) return false;
    if (*low >= kFirstLow && *low < kAfterSurrogates)
      code = 0x10000 + ((*code - kFirstHigh) << 10) + (*low - kFirstLow);
    else
      rest_ = before;
  }
  append_utf8(text, *code >= kFirstHigh && *code < kAfterSurrogates ? kReplacement : *code);
  return true;
}

// \uXXXX at the start of what is left.
std::optional<unsigned> StringReader::read_unit() {
  const auto digits = rest_.substr(0, 6).substr(2);
  unsigned unit = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16);
  if (digits.size() != 4 || error != std::errc() || end != digits.data() + 4) return std::nullopt;
  rest_.remove_prefix(6);
  return unit;
}

void append_escaped(std::string& json, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (const char escape = escape_of(c))
      (json += '\\') += escape;
    else if (byte < ' ')
      ((json += "\\u00") += kHex[byte >> 4]) += kHex[byte & 15];
    else
      json += c;
  }
}

base::Status append_escaped(base::Spool& json, const base::Spool& bytes, std::size_t offset) {
  std::string escaped;
  return for_each_piece(bytes, offset, [&](std::string_view piece) {
    escaped.clear();
    append_escaped(escaped, piece);
    return json.append(escaped);
  });
}

base::Status append_base64(base::Spool& json, const base::Spool& bytes, std::size_t offset) {
  return for_each_piece(bytes, offset,
                        [&](std::string_view piece) { return json.append(base::base64_encode(piece)); });
}

}  // namespace event
