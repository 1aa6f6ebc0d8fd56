// SPDX-License-Identifier: Apache-2.0
// The first bytes of a file that may be a program.
#include "fuzz.h"
#include "handler/program/elf.h"
#include "handler/program/encoding.h"
#include "handler/program/foreign_program.h"
#include "handler/program/shebang.h"

using fuzzing::require;

void fuzz(std::string_view input) {
  if (const auto shebang = handler::parse_shebang(input)) {
    require(!shebang->interpreter.empty(), "a shebang names an interpreter");
    require(shebang->interpreter.find_first_of(" \t\n") == std::string::npos, "an interpreter is one word");
    require(handler::shebang_fault(*shebang).value_or("x") != "", "a fault has a sentence");
  }
  if (const auto elf = handler::parse_elf(input)) {
    require(!handler::machine_name(elf->machine).empty(), "a machine has a name");
    require(elf->interpreter_size <= 4096, "no loader's name is longer than a path");
    static_cast<void>(handler::may_run_here(*elf));
  }
  const bool is_plain = handler::encoding_of(input) == handler::Encoding::plain;
  require(!is_plain || handler::begins_as_script(input) == input.starts_with("#!"),
          "plain text is what it is");
  require(handler::foreign_system(input).empty() || !handler::parse_elf(input), "a program is of one system");
}
