// SPDX-License-Identifier: Apache-2.0
#include "cli/package/entry_facts.h"

#include "base/text/text.h"
#include "handler/program/encoding.h"

#include <algorithm>

namespace cli {

std::string file_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

bool leads_inside(std::string_view path) {
  const auto parts = base::split(path, '/');
  return !path.empty() && !path.starts_with('/') &&
         std::ranges::find(parts, std::string_view("..")) == parts.end() && path.find('\0') == path.npos;
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

bool has_shell_name(const std::string& path) {
  return path.ends_with(".sh") || path.ends_with(".bash");
}

bool is_shell_script(const PackageEntry& entry, const std::string& head) {
  const auto encoding = handler::encoding_of(head);
  if (encoding != handler::Encoding::plain && encoding != handler::Encoding::marked_utf8) return false;
  const auto text = handler::without_mark(head);
  if (const auto shebang = handler::parse_shebang(text))
    return handler::names_shell(interpreter_of(*shebang));
  return has_shell_name(entry.path) || text.starts_with("# shellcheck shell=");
}

}  // namespace cli
