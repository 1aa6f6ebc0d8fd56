// SPDX-License-Identifier: Apache-2.0
#include "cli/content/check_shebang.h"

#include "base/text/text.h"
#include "handler/program/interpreters.h"

#include <algorithm>

namespace cli {
namespace {

constexpr std::string_view kMarks = " \t\\#!1'\"";
constexpr std::size_t kMostMarks = 6;    // more is a frame of a comment
constexpr std::size_t kMostLines = 100;  // a licence, perhaps

bool is_interpreter(std::string_view path) {
  const auto name = handler::program_name(path);
  return path.starts_with('/') && (name == "env" || name == "awk" || handler::runs_stdin_as_code(path));
}

/// "/bin/sh -e" of "# !/bin/sh -e"; empty where the line is no try at a #! line.
std::string_view command_in(std::string_view line) {
  const auto start = line.find_first_not_of(kMarks);
  if (start == std::string_view::npos || start > kMostMarks) return {};
  if (line.substr(0, start).find_first_of("#!") == std::string_view::npos) return {};
  const auto command = line.substr(start);
  return is_interpreter(command.substr(0, command.find_first_of(" \t"))) ? command : std::string_view();
}

}  // namespace

std::optional<LostShebang> find_lost_shebang(std::string_view head) {
  const auto lines = base::split(head, '\n');
  for (std::size_t i = 0; i < std::min(lines.size(), kMostLines); ++i) {
    const auto line = base::trim(lines[i]);
    const auto command = i == 0 || line.starts_with("#!") ? command_in(line) : std::string_view();
    if (!command.empty()) return LostShebang{i + 1, std::string(line), "#!" + std::string(command)};
    if (!line.empty() && !line.starts_with('#')) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace cli
