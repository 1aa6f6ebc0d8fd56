// SPDX-License-Identifier: Apache-2.0
#include "handler/program/program.h"

#include "handler/program/inspect.h"
#include "handler/program/interpreters.h"
#include "handler/program/languages.h"
#include "handler/program/line_ends.h"

#include <optional>
#include <utility>

namespace handler {
namespace {

using api::ErrorType;
using Problem = std::optional<InitProblem>;

InitProblem invalid(std::string message) {
  return {ErrorType::Known::invalid_handler, std::move(message)};
}

Problem check_elf(const ProgramFile& file, const FileFacts& facts) {
  const ElfHead& elf = *facts.elf;
  if (!facts.can_execute)
    return invalid(file.name + " is a program without the run bit. Set it before packing: chmod +x " +
                   file.path);
  if (!may_run_here(elf))
    return invalid(file.name + " was built for " + machine_name(elf.machine) + ", but this machine is " +
                   machine_name(own_machine()) +
                   ". Build it for this machine, or set the function's architecture.");
  if (!elf.interpreter.empty() && !inspect(elf.interpreter).exists)
    return invalid(file.name + " needs the dynamic loader " + elf.interpreter +
                   ", which is not here. Link it statically, or build it for this system.");
  return std::nullopt;
}

Problem check_shebang(const ProgramFile& file, const FileFacts& facts) {
  const Shebang& shebang = *facts.shebang;
  if (facts.encoding == Encoding::marked_utf8) {
    if (names_shell(shebang.interpreter)) return std::nullopt;  // /bin/sh runs it
    return invalid(file.name + " " + *encoding_fault(facts.encoding) + " " + file.path);
  }
  if (shebang.ends_in_carriage_return)
    return invalid("line 1 of " + file.name +
                   " ends in CR LF, so the kernel looks for an interpreter whose name ends in "
                   "a carriage return. " +
                   how_to_convert_line_ends(file.path));
  if (const auto fault = shebang_fault(shebang))
    return invalid("the #! line of " + file.name + " " + *fault + ".");
  if (!is_executable_file(shebang.interpreter))
    return invalid("the interpreter of " + file.name + ", " + shebang.interpreter +
                   ", is not here or not executable. Correct line 1, or bring the interpreter in a layer.");
  return std::nullopt;
}

// With the run bit a kernel may have been taught to start programs of Windows (binfmt_misc).
Problem check_format(const ProgramFile& file, const FileFacts& facts) {
  if (facts.foreign_system == "macOS" || (!facts.foreign_system.empty() && !facts.can_execute))
    return invalid(file.name + " is a program for " + std::string(facts.foreign_system) +
                   ". Build it for Linux on " + machine_name(own_machine()) + ".");
  if (facts.encoding == Encoding::utf16 || facts.encoding == Encoding::utf32)
    return invalid(file.name + " " + *encoding_fault(facts.encoding) + " " + file.path);
  return std::nullopt;
}

// What has no #! line is run by /bin/sh: of another language it would be run as what it is not.
Problem check_language(const ProgramFile& file, const FileFacts& facts) {
  const auto* language = facts.is_text ? language_of(file.path) : nullptr;
  if (language == nullptr) return std::nullopt;
  return invalid(file.name + " " + no_shebang_fault(*language, file.name) + ".");
}

Problem check_kind(const ProgramFile& file, const FileFacts& facts) {
  if (facts.is_directory) return invalid(file.name + " is a directory; name a file in it.");
  if (!facts.is_regular) return invalid(file.name + " is neither a program nor a script.");
  if (!facts.can_execute && !facts.can_read)
    return invalid(file.name +
                   " can be neither read nor executed. Give it the modes of a script: chmod 755 " +
                   file.path);
  if (!facts.can_execute && !facts.elf && !facts.is_text)
    return invalid(file.name + " is neither text nor executable. If it is a program: chmod +x " + file.path);
  return std::nullopt;
}

Problem check(const ProgramFile& file, const FileFacts& facts) {
  if (auto problem = check_format(file, facts)) return problem;
  if (auto problem = check_kind(file, facts)) return problem;
  if (facts.elf) return check_elf(file, facts);
  return facts.shebang ? check_shebang(file, facts) : check_language(file, facts);
}

bool has_plain_shebang(const FileFacts& facts) {
  return facts.shebang && facts.encoding == Encoding::plain;
}

// The kernel's own start works: an ELF file, a script with run bit and shebang, or a format that only the
// kernel knows.
bool starts_by_itself(const FileFacts& facts) {
  return facts.can_execute && (facts.elf || has_plain_shebang(facts) || !facts.is_text);
}

std::vector<std::string> interpreter_words(const FileFacts& facts) {
  if (!has_plain_shebang(facts)) return {"/bin/sh"};
  if (facts.shebang->argument.empty()) return {facts.shebang->interpreter};
  return {facts.shebang->interpreter, facts.shebang->argument};
}

std::string why_interpreted(const ProgramFile& file, const FileFacts& facts, const std::string& interpreter) {
  const auto lacks = [&](const char* what) {
    return file.name + " has " + what + ", so it is run with " + interpreter;
  };
  if (has_plain_shebang(facts)) return lacks("no run bit") + ". To start it directly: chmod +x " + file.path;
  if (facts.encoding == Encoding::marked_utf8)
    return lacks("a byte order mark") + ". Save it without: sed -i '1s/^\\xEF\\xBB\\xBF//' " + file.path;
  const std::string advice =
      ". If it is no shell script, name its interpreter in line 1, as in #!/usr/bin/env python3";
  if (facts.can_execute) return lacks("no #! line") + advice;
  return lacks("no run bit and no #! line") + advice + ", and chmod +x " + file.path;
}

Problem check_data_stays_data(const ProgramFile& file) {
  if (!file.arguments.empty() || !runs_stdin_as_code(file.path)) return std::nullopt;
  return invalid(file.name +
                 " alone would run every event as code. Name a script for it, as in SHELLSTRAP_COMMAND=\"" +
                 file.name + " script\".");
}

}  // namespace

std::variant<Resolved, InitProblem> program_from_file(const ProgramFile& file) {
  const FileFacts facts = inspect(file.path);
  if (auto problem = check(file, facts)) return *problem;
  Resolved resolved{ProgramSpec{}, file.name, {}};
  auto& spec = std::get<ProgramSpec>(resolved.spec);
  if (starts_by_itself(facts)) {
    if (auto problem = check_data_stays_data(file)) return *problem;
    spec.arguments = {file.path};
  } else {
    spec.arguments = interpreter_words(facts);
    resolved.warnings.push_back(why_interpreted(file, facts, spec.arguments.front()));
    spec.arguments.push_back(file.path);
  }
  spec.program = spec.arguments.front();
  spec.arguments.insert(spec.arguments.end(), file.arguments.begin(), file.arguments.end());
  return resolved;
}

}  // namespace handler
