// SPDX-License-Identifier: Apache-2.0
#include "handler/spec/json_pointer.h"

#include <charconv>

namespace handler {
namespace {

// Digits without leading zeros. "-", the element behind the last one, never exists.
std::optional<std::size_t> index_of(std::string_view text) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  if (!is_number || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  return index;
}

JsonPointer::Token token_of(std::string text) {
  const auto index = index_of(text);
  return {std::move(text), index};
}

}  // namespace

std::variant<JsonPointer, JsonPointer::Fault> JsonPointer::parse(std::string_view text) {
  JsonPointer pointer;
  pointer.text_ = text;
  if (text.empty()) return pointer;
  if (text[0] != '/') return Fault{0, "a pointer starts with /"};
  std::string token;
  for (std::size_t at = 1; at <= text.size(); ++at) {
    if (at == text.size() || text[at] == '/') {
      pointer.tokens_.push_back(token_of(std::move(token)));
      token.clear();
    } else if (text[at] != '~') {
      token += text[at];
    } else {
      const char code = at + 1 < text.size() ? text[at + 1] : '\0';
      if (code != '0' && code != '1') return Fault{at, "~ is written ~0, and / in a name ~1"};
      token += code == '0' ? '~' : '/';
      ++at;
    }
  }
  return pointer;
}

JsonPointer JsonPointer::sibling(std::string_view name) const {
  JsonPointer pointer = *this;
  pointer.tokens_.back() = token_of(std::string(name));
  pointer.text_ = text_.substr(0, text_.rfind('/') + 1).append(name);
  return pointer;
}

}  // namespace handler
