// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "handler/spec/json_pointer.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace handler {

/// Longest name that a place gives a file, in characters.
inline constexpr std::size_t kLongestFileName = 100;

/// Names of files that get none from their place begin with this and end in a number.
inline constexpr std::string_view kNumberedName = "value-";

/// A place in an argument that a value of the event takes; docs/templates.md has the syntax.
struct Placeholder {
  enum class Kind {
    value,   ///< {/pointer}: a string, number or boolean
    list,    ///< {/pointer...}: as many arguments as an array has elements
    file,    ///< {@}, {@/pointer}, {@name.txt/pointer}: the path of a private file with the value
    event,   ///< {@*}: the text of the event
    answer,  ///< {@>name.pdf}: the path of a file that the program writes, and that becomes the answer
  };
  Kind kind = Kind::value;
  JsonPointer pointer;    ///< of a value, a list and a file
  std::string file_name;  ///< of a file (empty: any will do) and an answer, in the folder of the call
  std::optional<std::string> fallback;  ///< stands in for a value that is missing
  bool may_be_option = false;           ///< marked with "!": may begin an argument with "-"
};

/// One argument of a command: text and places, in order.
struct Template {
  using Part = std::variant<std::string, Placeholder>;
  std::vector<Part> parts;

  /// Without a place: the argument is `text()`, whatever the event.
  [[nodiscard]] bool is_literal() const;
  /// All of its own text.
  [[nodiscard]] std::string text() const;
  /// It begins with text of its own, and that with `prefix`.
  [[nodiscard]] bool begins_with(std::string_view prefix) const;
};

/// What is wrong with the text of a template, and where.
struct TemplateFault {
  std::size_t offset;
  std::string what;
};

std::variant<Template, TemplateFault> parse_template(std::string_view text);

/// The fault with the text and a caret under the place, on three lines.
std::string explain(const TemplateFault& fault, std::string_view text);

/// What a program reads as its standard input.
struct EventInput {};
struct NoInput {};
using Input = std::variant<EventInput, NoInput, Placeholder>;

/// "event", "none", or one place with a value: "{/body}".
base::Result<Input> parse_input(std::string_view text);

}  // namespace handler
