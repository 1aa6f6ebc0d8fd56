// SPDX-License-Identifier: Apache-2.0
#include "shrink.h"

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

namespace oracle {
namespace {

using Lines = std::vector<std::string>;

Lines lines_of(const std::string& text) {
  Lines lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string text_of(const Lines& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

Lines without(const Lines& lines, std::size_t first, std::size_t count) {
  Lines fewer(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(first));
  const auto rest = std::min(first + count, lines.size());
  fewer.insert(fewer.end(), lines.begin() + static_cast<std::ptrdiff_t>(rest), lines.end());
  return fewer;
}

// With what bash cannot read, or what has no function any more, nothing is shown.
bool still_differs(const Case& body, const std::string& folder) {
  const auto comparison = compare(body, folder);
  return !comparison.same && !comparison.warm.trouble.starts_with(kInit);
}

}  // namespace

Case smallest_that_differs(const Case& body, const std::string& folder) {
  auto lines = lines_of(body.file);
  const auto with = [&](const Lines& some) { return Case{body.name, text_of(some), body.event}; };
  for (auto count = std::max<std::size_t>(lines.size() / 2, 1); count > 0; count /= 2) {
    for (std::size_t first = 0; first < lines.size();) {
      const auto fewer = without(lines, first, count);
      if (still_differs(with(fewer), folder))
        lines = fewer;
      else
        ++first;
    }
  }
  return with(lines);
}

}  // namespace oracle
