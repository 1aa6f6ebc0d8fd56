// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace handler {

/// A JSON Pointer (RFC 6901), taken apart. A value.
class JsonPointer {
 public:
  struct Token {
    std::string text;                  ///< a member's name, without ~0 and ~1
    std::optional<std::size_t> index;  ///< what it means to an array; nullopt: nothing
  };
  /// What is wrong with a pointer's text, and where.
  struct Fault {
    std::size_t offset;
    std::string what;
  };

  /// The whole document.
  JsonPointer() = default;

  /// `text`: empty, or "/a/0/b".
  static std::variant<JsonPointer, Fault> parse(std::string_view text);

  [[nodiscard]] const std::vector<Token>& tokens() const { return tokens_; }
  /// As it was written, for messages.
  [[nodiscard]] const std::string& text() const { return text_; }

  /// The member `name` of the object that this one's value is in. Not of the whole document.
  [[nodiscard]] JsonPointer sibling(std::string_view name) const;

 private:
  std::string text_;
  std::vector<Token> tokens_;
};

}  // namespace handler
