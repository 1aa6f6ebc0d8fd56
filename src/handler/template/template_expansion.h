// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/memory_file.h"
#include "handler/spec/spec.h"
#include "handler/template/call_folder.h"
#include "handler/template/template_writer.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace handler {

/// What the event of one call makes of a command.
struct Expanded {
  std::vector<std::string> arguments;     ///< argv
  std::optional<base::MemoryFile> input;  ///< standard input in place of the event
};

/// Puts the values of `event` in their places. `wanted`: from wanted_pointers. Files go to `folder`.
std::variant<Expanded, ExpansionFault> expand(const ProgramSpec& spec, const Input& input,
                                              const std::vector<JsonPointer>& wanted, std::string_view event,
                                              CallFolder& folder);

}  // namespace handler
