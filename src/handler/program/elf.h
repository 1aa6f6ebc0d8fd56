// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace handler {

/// What the head of an ELF file says about whether it can run here. Read from a file that anybody may have
/// made: every offset is checked.
struct ElfHead {
  std::uint16_t machine = 0;  ///< e_machine
  bool is_64_bit = false;
  std::string interpreter;  ///< the dynamic loader; empty: static, or not within the bytes given
  /// Where in the file that name stands: far from the head where patchelf has been at work. 0 bytes: static,
  /// or longer than any path (4096).
  std::uint64_t interpreter_offset = 0;
  std::uint64_t interpreter_size = 0;
};

/// `head`: the first bytes of the file (4 KiB hold the program headers of every common linker). nullopt: not
/// ELF.
std::optional<ElfHead> parse_elf(std::string_view head);

/// Whether it has a loader whose name was not among the bytes given.
bool lacks_interpreter(const ElfHead& head);

/// The name once its bytes were read: up to the NUL that ends it.
std::string interpreter_in(std::string_view bytes);

/// "x86_64", "arm64"…; "machine 243" for the rest.
std::string machine_name(std::uint16_t machine);

/// e_machine of this program itself.
std::uint16_t own_machine();

/// Whether a kernel for own_machine() also runs programs for `machine` (i386 on x86_64, 32-bit arm on arm64).
bool may_run_here(const ElfHead& head);

}  // namespace handler
