// SPDX-License-Identifier: Apache-2.0
#include "handler/program/elf.h"

#include "base/io/read_at.h"

#include <elf.h>

#include <cstring>

namespace handler {
namespace {

using base::read_at;

constexpr std::uint64_t kLongestPath = 4096;  // PATH_MAX, beyond which no kernel loads the program

void note_interpreter(std::string_view head, std::uint64_t offset, std::uint64_t size, ElfHead& result) {
  if (size > kLongestPath) return;
  result.interpreter_offset = offset;
  result.interpreter_size = size;
  if (offset <= head.size() && size <= head.size() - offset)
    result.interpreter = interpreter_in(head.substr(offset, size));
}

template <typename Header, typename Segment>
std::optional<ElfHead> parse(std::string_view head, bool is_64_bit) {
  const auto header = read_at<Header>(head, 0);
  if (!header) return std::nullopt;
  ElfHead result{header->e_machine, is_64_bit, {}, 0, 0};
  for (unsigned i = 0; i < header->e_phnum; ++i) {
    const auto segment = read_at<Segment>(head, header->e_phoff + std::uint64_t{i} * sizeof(Segment));
    if (!segment) break;
    if (segment->p_type == PT_INTERP) note_interpreter(head, segment->p_offset, segment->p_filesz, result);
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

bool lacks_interpreter(const ElfHead& head) {
  return head.interpreter.empty() && head.interpreter_size > 0;
}

std::string interpreter_in(std::string_view bytes) {
  return std::string(bytes.substr(0, bytes.find('\0')));
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
