// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "handler/program/elf.h"
#include "handler/program/encoding.h"
#include "handler/program/shebang.h"

#include <optional>
#include <string>
#include <string_view>

namespace handler {

/// What the disk says about a path. Reads at most 4 KiB of the file and runs nothing.
struct FileFacts {
  bool exists = false;
  bool is_directory = false;
  bool is_regular = false;
  bool can_execute = false;  ///< for this process, with its effective ids; false on a noexec mount
  bool can_read = false;
  bool is_text = false;  ///< no NUL byte in its head; true for an empty file
  std::optional<ElfHead> elf;
  std::optional<Shebang> shebang;       ///< in UTF-8 also behind a byte order mark, where no kernel sees it
  Encoding encoding = Encoding::plain;  ///< where it is a text
  std::string_view foreign_system;      ///< see foreign_program.h; empty: none
};

FileFacts inspect(const std::string& path);

/// `path` itself where it is absolute, else below `directory`.
std::string absolute_path(const std::string& path, const std::string& directory);

/// Whether `path` is a regular file (behind links) that this process may execute.
bool is_executable_file(const std::string& path);

/// The first executable file NAME in the folders of `search_path`; relative and empty folders start at
/// `directory`.
std::optional<std::string> find_on_path(const std::string& name, const std::string& search_path,
                                        const std::string& directory);

}  // namespace handler
