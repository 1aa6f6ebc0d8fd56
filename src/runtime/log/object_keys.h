// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace runtime {

/// What a JSON object says of itself as a record of the log, at its top level.
struct ObjectKeys {
  bool empty = true;
  bool timestamp = false;
  bool level = false;
  bool request_id = false;
  bool tenant_id = false;
  std::string level_word;  ///< of "level", where that is a string
};

/// nullopt: `text` is not exactly one valid JSON object. Pure.
std::optional<ObjectKeys> keys_of_object(std::string_view text);

}  // namespace runtime
