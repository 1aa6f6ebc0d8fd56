// SPDX-License-Identifier: Apache-2.0
#include "cli/line/terminal.h"

#include <unistd.h>

#include <array>
#include <atomic>

namespace cli {
namespace {

std::atomic<bool> colours_are_wanted{false};

// "Select Graphic Rendition" of ECMA-48.
constexpr std::array<std::string_view, 4> kCodes = {"\033[1m", "\033[1;31m", "\033[32m", "\033[33m"};
constexpr std::string_view kReset = "\033[0m";

}  // namespace

void decide_colours(const base::Environment& environment) {
  const bool refused =
      !environment.get_or("NO_COLOR", "").empty() || environment.get_or("TERM", "dumb") == "dumb";
  colours_are_wanted = !refused;
}

bool has_colours(int fd) {
  return colours_are_wanted && ::isatty(fd) == 1;
}

std::string in_colour(Colour colour, std::string_view text, int fd) {
  if (!has_colours(fd)) return std::string(text);
  std::string coloured(kCodes[static_cast<std::size_t>(colour)]);
  return coloured.append(text).append(kReset);
}

}  // namespace cli
