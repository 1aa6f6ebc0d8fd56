// SPDX-License-Identifier: Apache-2.0
#include "handler/program/shebang.h"

#include "base/text/text.h"
#include "handler/program/interpreters.h"

#include <algorithm>
#include <array>

namespace handler {
namespace {

/// Whether env splits its argument itself: -S, also behind other letters (-iS), or --split-string.
bool splits(std::string_view argument) {
  if (argument.starts_with("--")) return argument.starts_with("--split-string");
  return argument.starts_with('-') &&
         argument.substr(0, argument.find_first_of(" \t")).find('S') != argument.npos;
}

bool has_blank(std::string_view text) {
  return text.find_first_of(" \t") != std::string_view::npos;
}

/// env with nothing to start starts its script again, and again.
std::optional<std::string> env_fault(const Shebang& shebang) {
  const auto& argument = shebang.argument;
  if (splits(argument)) return std::nullopt;
  if (argument.empty() || argument.find('=') != std::string::npos)
    return "names no interpreter behind env, which would start the script itself without end. Name one, as "
           "in "
           "#!/usr/bin/env bash";
  if (!has_blank(argument)) return std::nullopt;
  return "passes \"" + argument +
         "\" to env as one word, so that no program of that name is found. Let env split " +
         "it: #!/usr/bin/env -S " + argument;
}

}  // namespace

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

bool names_shell(std::string_view interpreter) {
  constexpr std::array<std::string_view, 4> kShells = {"sh", "bash", "dash", "ash"};
  return std::ranges::find(kShells, program_name(interpreter)) != kShells.end();
}

std::optional<std::string> shebang_fault(const Shebang& shebang) {
  if (program_name(shebang.interpreter) == "env") return env_fault(shebang);
  if (!names_shell(shebang.interpreter) || !has_blank(shebang.argument)) return std::nullopt;
  return "passes \"" + shebang.argument +
         "\" to the shell as one word, which it refuses. Leave one option there, and `set` the others in "
         "line 2";
}

}  // namespace handler
