// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace handler {

/// The usual name of the program at `path`, without folders and version: "/usr/bin/python3.11" is "python".
std::string_view program_name(std::string_view path);

/// Whether the program at `path`, started without arguments, would run its standard input as code: shells and
/// script interpreters by their usual names, versions ("python3.11") included.
bool runs_stdin_as_code(std::string_view path);

}  // namespace handler
