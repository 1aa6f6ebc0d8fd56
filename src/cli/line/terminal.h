// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/environment.h"

#include <string>
#include <string_view>

namespace cli {

/// Says once, before anything is printed, what the user's environment wants: NO_COLOR, where it is not empty,
/// and TERM=dumb refuse colours. Without it there are none.
void decide_colours(const base::Environment& environment);

/// Whether text for `fd` may have colours: it is a terminal, and nobody refused them.
bool has_colours(int fd);

enum class Colour { bold, red, green, yellow };

/// `text` in a colour where `fd` may have it, else as it is.
std::string in_colour(Colour colour, std::string_view text, int fd);

}  // namespace cli
