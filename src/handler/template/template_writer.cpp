// SPDX-License-Identifier: Apache-2.0
#include "handler/template/template_writer.h"

namespace handler {
namespace {

bool is_body(const JsonPointer& pointer) {
  return !pointer.tokens().empty() && pointer.tokens().back().text == "body";
}

JsonPointer base64_flag_of(const JsonPointer& body) {
  return body.sibling("isBase64Encoded");
}

void add_wanted(std::vector<JsonPointer>& wanted, const Placeholder& place) {
  if (place.pointer.tokens().empty()) return;  // the event itself, JSON or not
  wanted.push_back(place.pointer);
  if (is_body(place.pointer)) wanted.push_back(base64_flag_of(place.pointer));
}

std::optional<ExpansionFault> as_fault(const base::Status& status) {
  if (status) return std::nullopt;
  return status.error();
}

}  // namespace

std::vector<JsonPointer> wanted_pointers(const ProgramSpec& spec, const Input& input) {
  std::vector<JsonPointer> wanted;
  for (const auto& word : spec.templates)
    for (const auto& part : word.parts)
      if (const auto* place = std::get_if<Placeholder>(&part)) add_wanted(wanted, *place);
  if (const auto* place = std::get_if<Placeholder>(&input)) add_wanted(wanted, *place);
  return wanted;
}

EventFault missing(const JsonPointer& pointer) {
  return {"the event has no " + pointer.text()};
}

std::optional<ExpansionFault> write_place(const Placeholder& place, std::string_view event,
                                          const EventValues& values,
                                          const std::function<base::Status(std::string_view)>& write) {
  const auto& pointer = place.pointer;
  if (pointer.tokens().empty()) return as_fault(write(event));
  const auto found = values.literal(pointer);
  if (const auto* fault = std::get_if<EventFault>(&found)) return *fault;
  auto literal = std::get<std::string_view>(found);
  if (is_body(pointer) && literal == "null") literal = {};  // a request without one
  if (literal.empty() && !place.fallback) return missing(pointer);
  if (literal.empty()) return as_fault(write(*place.fallback));
  if (!is_body(pointer)) return write_value(literal, false, pointer.text(), write);
  const auto flag = values.literal(base64_flag_of(pointer));
  if (const auto* fault = std::get_if<EventFault>(&flag)) return *fault;
  return write_value(literal, std::get<std::string_view>(flag) == "true", pointer.text(), write);
}

}  // namespace handler
