// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace cli {

/// A kind of function that shellstrap new makes.
struct NewKind {
  std::string_view name;
  std::string_view summary;
  std::string_view handler;   ///< empty: shellstrap.json has the command
  std::string_view env_file;  ///< of its tests; empty: they need none
};

/// A file of a kind, as it is in handlers/new: part of the program.
struct NewFile {
  std::string_view kind;
  std::string_view path;  ///< in the folder, with slashes
  std::string_view text;
};

std::span<const NewKind> new_kinds();
/// nullptr: there is none of that name.
const NewKind* find_new_kind(std::string_view name);
/// Of all kinds, those of a kind by path.
std::span<const NewFile> new_files();

/// "there is no kind "x". Did you mean script? There are: …"
std::string unknown_new_kind(std::string_view name);

}  // namespace cli
