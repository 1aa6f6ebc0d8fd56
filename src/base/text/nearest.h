// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace base {

/// How many letters have to be changed, added, taken out or swapped with their neighbour to make `b` of `a`
/// (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// Of `names` the one that a mistyped `word` most likely means, without regard to case; empty: none is near.
/// The view is into `names`. Near are two changes, in words of five letters and fewer one.
std::string_view nearest(std::string_view word, std::span<const std::string_view> names);

/// " Did you mean NAME?", to go behind a sentence; empty where none is near.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> names);

}  // namespace base
