// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "handler/spec/json_pointer.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// What is nested deeper is taken for text: looking through it would cost stack.
inline constexpr std::size_t kDeepest = 500;

/// Whether a value of `text`, which need not be JSON, is inside of more than kDeepest others.
bool is_too_deep(std::string_view text);

/// JSON in one form for all that means the same: members sorted, indented, a line for each value, and "*" in
/// the place of the values at `masks`. Numbers stay as they were understood: 1 is not 1.0. nullopt: `text` is
/// no JSON, or too deep.
std::optional<std::string> json_form(std::string_view text, const std::vector<handler::JsonPointer>& masks);

/// errorType and errorMessage of an error as a caller gets it, as an object, the latter without what is
/// measured ("after * ms", "peak memory * MB"). What is no such object comes back as it is.
std::string steady_error(std::string_view payload);

/// Of errorType and errorMessage of `error` those that `like` has as well, as an object; nullopt: `like` has
/// neither.
std::optional<std::string> members_like(std::string_view like, std::string_view error);

}  // namespace cli
