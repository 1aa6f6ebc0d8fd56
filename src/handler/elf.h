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
};

/// `head`: the first bytes of the file (4 KiB hold the program headers of every common linker). nullopt: not
/// ELF.
std::optional<ElfHead> parse_elf(std::string_view head);

/// "x86_64", "arm64"…; "machine 243" for the rest.
std::string machine_name(std::uint16_t machine);

/// e_machine of this program itself.
std::uint16_t own_machine();

/// Whether a kernel for own_machine() also runs programs for `machine` (i386 on x86_64, 32-bit arm on arm64).
bool may_run_here(const ElfHead& head);

}  // namespace handler
