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

bool is_comment_or_nothing(std::string_view text) {
  const auto rest = base::trim(text);
  return rest.empty() || (rest.starts_with('#') && rest.size() < text.size());
}

/// As the files of other tools have it: quotes around all of a value are none of it, comments behind it
/// neither.
std::string_view bare_value(std::string_view value) {
  const char quote = value.empty() ? '\0' : value.front();
  if (quote == '"' || quote == '\'') {
    const auto end = value.find(quote, 1);
    const bool is_whole = end != std::string_view::npos && is_comment_or_nothing(value.substr(end + 1));
    return is_whole ? value.substr(1, end - 1) : value;
  }
  const auto comment = std::min(value.find(" #"), value.find("\t#"));
  return comment == std::string_view::npos ? value : base::trim(value.substr(0, comment));
}

std::string_view without_export(std::string_view line) {
  constexpr std::string_view kExport = "export ";
  if (!line.starts_with(kExport)) return line;
  return without_indent_and_cr(line.substr(kExport.size()));
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

namespace {

/// As parse_variable, for a line of a file. What is wrong may be a part of a secret, a key of several lines
/// say: nothing of it is shown but names that Lambda reserves, which are no secrets.
base::Result<std::pair<std::string, std::string>> parse_line(std::string_view line) {
  auto variable = parse_variable(line);
  if (variable) return variable;
  const auto name = line.substr(0, line.find('='));
  if (name.size() == line.size()) return base::Error{"there is no NAME=VALUE: the \"=\" is missing"};
  if (emulator::is_reserved_variable(name) || !emulator::refused_variable(name)) return variable;
  return base::Error{
      "before the \"=\" is no name that Lambda takes: a letter, then letters, digits and "
      "underscores, two at least"};
}

}  // namespace

base::Result<Variables> parse_variables(std::string_view text) {
  Variables variables;
  std::size_t number = 0;
  for (const auto line : base::split(text, '\n')) {
    ++number;
    if (is_skipped(line)) continue;
    auto variable = parse_line(without_export(without_indent_and_cr(line)));
    if (!variable) return base::Error{"line " + std::to_string(number) + ": " + variable.error().message, 0};
    variable->second = std::string(bare_value(variable->second));
    variables.push_back(*std::move(variable));
  }
  return variables;
}

}  // namespace cli
