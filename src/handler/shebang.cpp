// SPDX-License-Identifier: Apache-2.0
#include "handler/shebang.h"

#include "base/text.h"

namespace handler {

std::optional<Shebang> parse_shebang(std::string_view head) {
  if (!head.starts_with("#!")) return std::nullopt;
  const auto whole_line = head.substr(2, head.find('\n') - 2);
  const auto line = base::trim(whole_line);
  if (line.empty()) return std::nullopt;
  const auto blank = line.find_first_of(" \t");
  Shebang result;
  result.interpreter = line.substr(0, blank);
  if (blank != std::string_view::npos) result.argument = base::trim(line.substr(blank));
  result.ends_in_carriage_return = whole_line.ends_with('\r');
  return result;
}

}  // namespace handler
