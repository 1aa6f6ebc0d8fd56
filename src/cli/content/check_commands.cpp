// SPDX-License-Identifier: Apache-2.0
#include "cli/content/check_commands.h"

#include "base/text/text.h"
#include "cli/content/check_image_list.h"

#include <algorithm>
#include <array>
#include <set>

namespace cli {
namespace {

constexpr std::array<std::string_view, 61> kBuiltins = {
    ".",      ":",       "[",       "[[",      "alias",    "bg",      "bind",     "break",     "builtin",
    "caller", "cd",      "command", "compgen", "complete", "compopt", "continue", "declare",   "dirs",
    "disown", "echo",    "enable",  "eval",    "exec",     "exit",    "export",   "false",     "fc",
    "fg",     "getopts", "hash",    "help",    "history",  "jobs",    "kill",     "let",       "local",
    "logout", "mapfile", "popd",    "printf",  "pushd",    "pwd",     "read",     "readarray", "readonly",
    "return", "set",     "shift",   "shopt",   "source",   "suspend", "test",     "times",     "trap",
    "true",   "type",    "typeset", "ulimit",  "umask",    "unalias", "unset"};

std::set<std::string_view> read_list() {
  std::set<std::string_view> commands;
  for (const auto line : base::split(kImageList.text, '\n')) {
    if (line.starts_with('#')) continue;
    const auto words = base::split(line, ' ');
    if (words.size() > 1) commands.insert(words.begin() + 1, words.end());  // the first one is the package
  }
  return commands;
}

}  // namespace

bool image_has_command(std::string_view name) {
  static const std::set<std::string_view> commands = read_list();
  return !name.empty() && commands.contains(name);
}

std::string_view image_list_date() {
  return kImageList.date;
}

bool is_shell_builtin(std::string_view name) {
  return name == "wait" || std::ranges::find(kBuiltins, name) != kBuiltins.end();
}

}  // namespace cli
