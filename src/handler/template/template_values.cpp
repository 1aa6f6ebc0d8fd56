// SPDX-License-Identifier: Apache-2.0
#include "handler/template/template_values.h"

#include "base/text/base64.h"
#include "base/text/text.h"
#include "event/json/json_text.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace handler {
namespace {

constexpr std::size_t kPiece = 48 * 1024;

EventFault fault(const std::string& name, const std::string& what) {
  return {subject(name) + " " + what};
}

bool is_string(std::string_view literal) {
  return literal.front() == '"';
}

/// What cannot be part of an argument; nullptr: it can.
const char* unfit_kind(char first) {
  switch (first) {
    case '{':
      return "an object";
    case '[':
      return "an array";
    case 'n':
      return "null";
    default:
      return nullptr;
  }
}

// The scan has seen to it that there are four digits.
unsigned unit_at(std::string_view escape) {
  unsigned unit = 0;
  std::from_chars(escape.data() + 2, escape.data() + 6, unit, 16);
  return unit;
}
bool is_high(unsigned unit) {
  return unit >= 0xD800 && unit < 0xDC00;
}
bool is_low(unsigned unit) {
  return unit >= 0xDC00 && unit < 0xE000;
}

// JSON lets a string have half of a surrogate pair, for which UTF-8 has no bytes.
bool has_half_character(std::string_view literal) {
  for (auto at = literal.find('\\'); at != std::string_view::npos; at = literal.find('\\', at)) {
    const auto escape = literal.substr(at);
    if (escape[1] != 'u') {
      at += 2;
      continue;
    }
    const auto unit = unit_at(escape);
    if (is_low(unit)) return true;
    if (is_high(unit) && !(escape.substr(6).starts_with("\\u") && is_low(unit_at(escape.substr(6)))))
      return true;
    at += is_high(unit) ? 12 : 6;
  }
  return false;
}

EventFault half_character(const std::string& name) {
  return fault(name, "has half of a surrogate pair, which is no character");
}

// What no argument can be; `start`: where in it the value begins.
std::optional<EventFault> check_argument(const std::string& argument, std::size_t start,
                                         const std::string& name) {
  if (argument.size() > kLongestArgument) return too_long(name);
  if (argument.find('\0', start) != std::string::npos)
    return fault(name, "has a NUL byte, which no argument can");
  return std::nullopt;
}

}  // namespace

std::string subject(const std::string& name) {
  return name.empty() ? "the event" : name + " of the event";
}

EventFault too_long(const std::string& name) {
  return fault(name, "makes an argument of more than " + std::to_string(kLongestArgument) + " bytes; {@" +
                         name + "} passes a long value as a file");
}

std::variant<EventValues, EventFault> EventValues::read(std::string_view event,
                                                        const std::vector<JsonPointer>& pointers) {
  if (pointers.empty()) return EventValues(pointers, {});
  auto found = find_targets(event, pointers);
  if (const auto* bad = std::get_if<JsonFault>(&found))
    return EventFault{"the event is not JSON: " + base::place_in(event, bad->offset) + " should be " +
                      bad->expected};
  return EventValues(pointers, std::get<std::vector<JsonTarget>>(std::move(found)));
}

std::variant<std::string_view, EventFault> EventValues::literal(const JsonPointer& pointer) const {
  const auto at = std::find_if(pointers_->begin(), pointers_->end(),
                               [&](const JsonPointer& known) { return known.text() == pointer.text(); });
  const auto& target = targets_[static_cast<std::size_t>(at - pointers_->begin())];
  if (target.is_ambiguous) return fault(pointer.text(), "is there more than once");
  return target.literal;
}

std::optional<EventFault> append_value(std::string& argument, std::string_view literal,
                                       const std::string& name) {
  if (const auto* kind = unfit_kind(literal.front()))
    return fault(name, std::string("is ") + kind + ", not a string, number or boolean");
  const auto start = argument.size();
  if (start > kLongestArgument) return too_long(name);
  if (!is_string(literal)) {
    argument += literal.substr(0, kLongestArgument + 1);
  } else {
    if (has_half_character(literal)) return half_character(name);
    event::StringReader(literal).read(kLongestArgument + 1 - start, argument);
  }
  return check_argument(argument, start, name);
}

std::optional<EventFault> append_event(std::string& argument, std::string_view event) {
  const auto start = argument.size();
  argument += event.substr(0, kLongestArgument + 1);
  return check_argument(argument, start, "");
}

std::optional<ExpansionFault> write_value(std::string_view literal, bool is_base64, const std::string& name,
                                          const std::function<base::Status(std::string_view)>& write) {
  if (!is_string(literal)) {
    if (auto written = write(literal); !written) return written.error();
    return std::nullopt;
  }
  if (has_half_character(literal)) return half_character(name);
  event::StringReader reader(literal);
  base::Base64Decoder decoder;
  std::string piece;
  std::string bytes;
  while (!reader.at_end()) {
    piece.clear();
    bytes.clear();
    reader.read(kPiece, piece);
    if (is_base64 && !decoder.take(piece, bytes)) return fault(name, "is not the base64 that it should be");
    if (auto written = write(is_base64 ? bytes : piece); !written) return written.error();
  }
  if (!decoder.complete()) return fault(name, "is not the base64 that it should be");
  return std::nullopt;
}

}  // namespace handler
