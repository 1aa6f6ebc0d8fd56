// SPDX-License-Identifier: Apache-2.0
#include "event/json/json_text.h"

#include "base/text/base64.h"
#include "event/text/pieces.h"

#include <algorithm>
#include <charconv>

namespace event {
namespace {

constexpr unsigned kFirstHigh = 0xD800;
constexpr unsigned kFirstLow = 0xDC00;
constexpr unsigned kAfterSurrogates = 0xE000;
constexpr unsigned kReplacement = 0xFFFD;

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

base::Status append_decoded(base::Spool& spool, std::string_view literal, bool base64) {
  StringReader reader(literal);
  base::Base64Decoder decoder;
  std::string text;
  std::string bytes;
  while (!reader.at_end()) {
    text.clear();
    bytes.clear();
    if (!reader.read(kPieceSize, text)) return base::Error{"no JSON string"};
    if (base64 && !decoder.take(text, bytes)) return base::Error{"not base64"};
    if (auto kept = spool.append(base64 ? bytes : text); !kept) return kept;
  }
  if (!decoder.complete()) return base::Error{"not base64"};
  return base::Done{};
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
