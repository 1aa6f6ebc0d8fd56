// SPDX-License-Identifier: Apache-2.0
#include "cli/line/variables.h"

#include "base/text/text.h"
#include "emulator/environment/service_environment.h"

namespace cli {
namespace {

bool is_skipped(std::string_view line) {
  const auto text = base::trim(line);
  return text.empty() || text.starts_with('#');
}

std::string_view without_indent_and_cr(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

base::Result<std::pair<std::string, std::string>> parse_variable(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos)
    return base::Error{"\"" + std::string(text) + "\" is no NAME=VALUE: the \"=\" is missing", 0};
  const auto name = text.substr(0, equals);
  if (auto refused = emulator::refused_variable(name)) return base::Error{*std::move(refused), 0};
  if (text.find('\0') != std::string_view::npos)
    return base::Error{"the value of \"" + std::string(name) + "\" holds a NUL byte", 0};
  return std::pair(std::string(name), std::string(text.substr(equals + 1)));
}

base::Result<Variables> parse_variables(std::string_view text) {
  Variables variables;
  std::size_t number = 0;
  for (const auto line : base::split(text, '\n')) {
    ++number;
    if (is_skipped(line)) continue;
    auto variable = parse_variable(without_indent_and_cr(line));
    if (!variable) return base::Error{"line " + std::to_string(number) + ": " + variable.error().message, 0};
    variables.push_back(*std::move(variable));
  }
  return variables;
}

}  // namespace cli
