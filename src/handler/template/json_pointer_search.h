// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "handler/spec/json_pointer.h"
#include "handler/template/json_scan.h"

#include <string_view>
#include <variant>
#include <vector>

namespace handler {

/// Where a pointer leads: the value as it stands in the text.
struct JsonTarget {
  std::string_view literal;   ///< empty: there is no such value
  bool is_ambiguous = false;  ///< an object on the way has that name twice, so nobody can say which is meant
};

/// The targets of `pointers`, in their order; the fault where `json` is none. One pass over the text, which
/// is only looked at: nothing of it is copied. `pointers` are borrowed for the time of the call.
std::variant<std::vector<JsonTarget>, JsonFault> find_targets(std::string_view json,
                                                              const std::vector<JsonPointer>& pointers);

/// The first `most` elements of an array, by its literal from find_targets.
std::vector<std::string_view> elements_of(std::string_view array, std::size_t most);

}  // namespace handler
