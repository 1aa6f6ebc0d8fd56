// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace event {

/// One member of a JSON object, as it stands in the text.
struct Member {
  std::string_view key;    ///< between its quotes, escapes as they are
  std::string_view value;  ///< without blanks around it
};

/// The members of the object that is `json`; nullopt: it is none. Only strings and brackets are understood on
/// the way: values may still be no JSON. A payload of 6 MB costs a look at each byte and no copy.
std::optional<std::vector<Member>> members_of(std::string_view json);

/// The elements of the array that is `json`, in the same way.
std::optional<std::vector<std::string_view>> elements_of(std::string_view json);

/// The last one of that name, as JSON has it; nullptr: none.
const Member* find_member(const std::vector<Member>& members, std::string_view key);

bool is_string(std::string_view value);

}  // namespace event
