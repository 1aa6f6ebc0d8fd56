// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "handler/spec/spec.h"
#include "handler/template/template_values.h"

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace handler {

/// Every pointer that the templates of a program and its input follow; of a body also the one that says
/// whether it is base64.
std::vector<JsonPointer> wanted_pointers(const ProgramSpec& spec, const Input& input);

EventFault missing(const JsonPointer& pointer);

/// Hands on, piece by piece, what `place` has for a file or an input: bytes of a string, a body decoded where
/// the event says that it is base64, or JSON text. `values`: of wanted_pointers.
std::optional<ExpansionFault> write_place(const Placeholder& place, std::string_view event,
                                          const EventValues& values,
                                          const std::function<base::Status(std::string_view)>& write);

}  // namespace handler
