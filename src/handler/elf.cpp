// SPDX-License-Identifier: Apache-2.0
#include "handler/elf.h"

#include "base/read_at.h"

#include <elf.h>

#include <cstring>

namespace handler {
namespace {

using base::read_at;

std::string interpreter_at(std::string_view head, std::uint64_t offset, std::uint64_t size) {
  if (offset > head.size()) return {};
  const auto text = head.substr(offset, size);
  return std::string(text.substr(0, text.find('\0')));
}

template <typename Header, typename Segment>
std::optional<ElfHead> parse(std::string_view head, bool is_64_bit) {
  const auto header = read_at<Header>(head, 0);
  if (!header) return std::nullopt;
  ElfHead result{header->e_machine, is_64_bit, {}};
  for (unsigned i = 0; i < header->e_phnum; ++i) {
    const auto segment = read_at<Segment>(head, header->e_phoff + std::uint64_t{i} * sizeof(Segment));
    if (!segment) break;
    if (segment->p_type == PT_INTERP)
      result.interpreter = interpreter_at(head, segment->p_offset, segment->p_filesz);
  }
  return result;
}

}  // namespace

std::optional<ElfHead> parse_elf(std::string_view head) {
  if (head.size() <= EI_DATA || !head.starts_with(ELFMAG)) return std::nullopt;
  if (head[EI_DATA] != ELFDATA2LSB) return ElfHead{};  // big-endian: no machine of ours
  return head[EI_CLASS] == ELFCLASS64 ? parse<Elf64_Ehdr, Elf64_Phdr>(head, true)
                                      : parse<Elf32_Ehdr, Elf32_Phdr>(head, false);
}

std::string machine_name(std::uint16_t machine) {
  switch (machine) {
    case EM_X86_64:
      return "x86_64";
    case EM_AARCH64:
      return "arm64";
    case EM_386:
      return "i386";
    case EM_ARM:
      return "arm";
    case EM_RISCV:
      return "riscv";
    case EM_NONE:
      return "a big-endian or unknown machine";
    default:
      return "machine " + std::to_string(machine);
  }
}

std::uint16_t own_machine() {
#if defined(__x86_64__)
  return EM_X86_64;
#elif defined(__aarch64__)
  return EM_AARCH64;
#else
#error "shellstrap runs on x86_64 and arm64"
#endif
}

bool may_run_here(const ElfHead& head) {
  if (head.machine == own_machine()) return true;
  return (own_machine() == EM_X86_64 && head.machine == EM_386) ||
         (own_machine() == EM_AARCH64 && head.machine == EM_ARM);
}

}  // namespace handler
