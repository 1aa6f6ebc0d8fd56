// SPDX-License-Identifier: Apache-2.0
#include "cli/entry_facts.h"

#include "base/text.h"
#include "handler/interpreters.h"

#include <algorithm>

namespace cli {
namespace {

bool is_shell(const std::string& interpreter) {
  const auto name = handler::program_name(interpreter);
  return name == "sh" || name == "bash" || name == "dash" || name == "ash";
}

}  // namespace

std::string file_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

bool can_run(const PackageEntry& entry) {
  return entry.kind == PackageEntry::Kind::link || (entry.mode & 0001U) != 0;
}

std::string interpreter_of(const handler::Shebang& shebang) {
  if (file_name(shebang.interpreter) != "env") return shebang.interpreter;
  const auto words = base::split(shebang.argument, ' ');
  const auto name = std::ranges::find_if(words, [](std::string_view word) {
    return !word.empty() && !word.starts_with('-') && word.find('=') == std::string_view::npos;
  });
  return name == words.end() ? "env" : std::string(*name);
}

bool is_shell_script(const PackageEntry& entry, const std::string& head) {
  if (const auto shebang = handler::parse_shebang(head)) return is_shell(interpreter_of(*shebang));
  return entry.path.ends_with(".sh") || entry.path.ends_with(".bash") ||
         head.starts_with("# shellcheck shell=");
}

}  // namespace cli
