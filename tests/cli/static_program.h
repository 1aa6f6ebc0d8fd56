// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <elf.h>

#include <cstdint>
#include <cstring>
#include <string>

#if defined(__aarch64__)
inline constexpr std::uint16_t kOwnMachine = EM_AARCH64;
#else
inline constexpr std::uint16_t kOwnMachine = EM_X86_64;
#endif

/// What check takes for a static program of that machine: a head, and nothing that needs anything. In the
/// place of a bootstrap, because those of builds for tests are linked dynamically, which pack warns of.
inline std::string static_program(std::uint16_t machine) {
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_machine = machine;
  return {reinterpret_cast<const char*>(&header), sizeof(header)};
}
