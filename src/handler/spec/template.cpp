// SPDX-License-Identifier: Apache-2.0
#include "handler/spec/template.h"

#include <algorithm>

namespace handler {
namespace {

// As much of a template as a line of a log shows, the caret in the middle.
constexpr std::size_t kShown = 72;

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

std::string on_one_line(std::string_view text) {
  std::string line(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return line;
}

}  // namespace

bool Template::is_literal() const {
  return std::none_of(parts.begin(), parts.end(),
                      [](const Part& part) { return std::holds_alternative<Placeholder>(part); });
}

std::string Template::text() const {
  std::string text;
  for (const auto& part : parts)
    if (const auto* literal = std::get_if<std::string>(&part)) text += *literal;
  return text;
}

bool Template::begins_with(std::string_view prefix) const {
  const auto* literal = parts.empty() ? nullptr : std::get_if<std::string>(&parts.front());
  return literal != nullptr && literal->starts_with(prefix);
}

std::string explain(const TemplateFault& fault, std::string_view text) {
  auto start = fault.offset > kShown / 2 ? fault.offset - kShown / 2 : 0;
  while (start > 0 && is_continuation(text[start])) --start;
  const auto shown = text.substr(start, kShown);
  const auto before = shown.substr(0, fault.offset - start);
  const auto columns =
      std::count_if(before.begin(), before.end(), [](char c) { return !is_continuation(c); });
  return fault.what + "\n  " + on_one_line(shown) + "\n  " +
         std::string(static_cast<std::size_t>(columns), ' ') + "^";
}

base::Result<Input> parse_input(std::string_view text) {
  if (text == "event") return Input(EventInput{});
  if (text == "none") return Input(NoInput{});
  auto parsed = parse_template(text);
  if (const auto* fault = std::get_if<TemplateFault>(&parsed)) return base::Error{explain(*fault, text)};
  auto& parts = std::get<Template>(parsed).parts;
  auto* place = parts.size() == 1 ? std::get_if<Placeholder>(&parts.front()) : nullptr;
  if (place == nullptr) return base::Error{"it is none of them"};
  if (place->kind != Placeholder::Kind::value || place->may_be_option)
    return base::Error{"of templates only {/pointer} and {/pointer:-default} make an input"};
  return Input(std::move(*place));
}

}  // namespace handler
