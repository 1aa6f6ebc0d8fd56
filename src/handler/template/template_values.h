// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "handler/template/json_pointer_search.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace handler {

/// Why an event cannot be used; names the pointer, and says nothing of the value.
struct EventFault {
  std::string message;
};
using ExpansionFault = std::variant<EventFault, base::Error>;

/// The values that templates want of one event.
class EventValues {
 public:
  /// `event`, any bytes, and `pointers` are borrowed. Without pointers the event is not looked at.
  static std::variant<EventValues, EventFault> read(std::string_view event,
                                                    const std::vector<JsonPointer>& pointers);

  /// As it stands in the event; empty: there is none. `pointer` must be one of those read.
  [[nodiscard]] std::variant<std::string_view, EventFault> literal(const JsonPointer& pointer) const;

 private:
  EventValues(const std::vector<JsonPointer>& pointers, std::vector<JsonTarget> targets)
      : pointers_(&pointers), targets_(std::move(targets)) {}

  const std::vector<JsonPointer>* pointers_;
  std::vector<JsonTarget> targets_;
};

/// Longest argument that the kernel passes to a program.
inline constexpr std::size_t kLongestArgument = 131'071;
EventFault too_long(const std::string& name);

/// What a sentence calls the value that the pointer `name` leads to; of the empty one the event itself.
std::string subject(const std::string& name);

/// Appends the event itself, byte for byte, with the same faults as of a value.
std::optional<EventFault> append_event(std::string& argument, std::string_view event);

/// Appends a string as it is, or a number or boolean as it is written. Everything else is a fault, as is a
/// NUL byte, or an `argument` that becomes longer than kLongestArgument. `name`: of the pointer.
std::optional<EventFault> append_value(std::string& argument, std::string_view literal,
                                       const std::string& name);

/// Hands on, piece by piece, the bytes of a string (decoded where `is_base64`), else the JSON text.
std::optional<ExpansionFault> write_value(std::string_view literal, bool is_base64, const std::string& name,
                                          const std::function<base::Status(std::string_view)>& write);

}  // namespace handler
