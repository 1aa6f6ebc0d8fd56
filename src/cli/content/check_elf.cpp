// SPDX-License-Identifier: Apache-2.0
#include "cli/content/check_elf.h"

#include "base/io/read_at.h"

#include <elf.h>

#include <charconv>
#include <cstdint>
#include <cstring>
#include <vector>

namespace cli {
namespace {

using base::read_at;

constexpr std::uint64_t kMostRecords = 10000;  // of each table: a chain that leads back to itself has to end

std::optional<GlibcVersion> parse_version(std::string_view name) {
  constexpr std::string_view kPrefix = "GLIBC_";
  if (!name.starts_with(kPrefix)) return std::nullopt;
  name.remove_prefix(kPrefix.size());
  GlibcVersion version;
  const char* end = name.data() + name.size();
  const auto major = std::from_chars(name.data(), end, version.major);
  if (major.ec != std::errc() || major.ptr == end || *major.ptr != '.') return std::nullopt;
  if (std::from_chars(major.ptr + 1, end, version.minor).ec != std::errc()) return std::nullopt;
  return version;
}

/// The dynamic part of a file, found by its segments: sections may be stripped.
class DynamicFile {
 public:
  explicit DynamicFile(std::string_view bytes) : bytes_(bytes) {
    const auto header = read_at<Elf64_Ehdr>(bytes, 0);
    for (std::uint64_t i = 0; header && i < header->e_phnum; ++i)
      if (const auto segment = read_at<Elf64_Phdr>(bytes, header->e_phoff + i * sizeof(Elf64_Phdr)))
        segments_.push_back(*segment);
  }

  [[nodiscard]] std::optional<GlibcVersion> newest() const {
    const auto needs = value_of(DT_VERNEED);
    const auto strings = value_of(DT_STRTAB);
    if (!needs || !strings) return std::nullopt;
    return newest_of(offset_of(*needs), offset_of(*strings));
  }

 private:
  [[nodiscard]] std::optional<std::uint64_t> value_of(std::int64_t tag) const {
    for (const auto& segment : segments_)
      for (std::uint64_t i = 0; segment.p_type == PT_DYNAMIC && i < kMostRecords; ++i) {
        const auto entry = read_at<Elf64_Dyn>(bytes_, segment.p_offset + i * sizeof(Elf64_Dyn));
        if (!entry || entry->d_tag == DT_NULL) break;
        if (entry->d_tag == tag) return entry->d_un.d_val;
      }
    return std::nullopt;
  }

  /// Where an address is in the file; past its end where it is nowhere.
  [[nodiscard]] std::uint64_t offset_of(std::uint64_t address) const {
    for (const auto& segment : segments_)
      if (segment.p_type == PT_LOAD && address >= segment.p_vaddr &&
          address - segment.p_vaddr < segment.p_filesz)
        return segment.p_offset + (address - segment.p_vaddr);
    return bytes_.size();
  }

  [[nodiscard]] std::optional<GlibcVersion> newest_of(std::uint64_t at, std::uint64_t strings) const {
    std::optional<GlibcVersion> newest;
    std::uint64_t left = kMostRecords;
    for (auto need = read_at<Elf64_Verneed>(bytes_, at); need && left > 0; --left) {
      auto place = at + need->vn_aux;
      for (auto aux = read_at<Elf64_Vernaux>(bytes_, place); aux && left > 0; --left) {
        const auto version = parse_version(text_at(strings + aux->vna_name));
        if (version && (!newest || *newest < *version)) newest = version;
        if (aux->vna_next == 0) break;
        place += aux->vna_next;
        aux = read_at<Elf64_Vernaux>(bytes_, place);
      }
      if (need->vn_next == 0 || left == 0) break;
      at += need->vn_next;
      need = read_at<Elf64_Verneed>(bytes_, at);
    }
    return newest;
  }

  [[nodiscard]] std::string_view text_at(std::uint64_t offset) const {
    if (offset >= bytes_.size()) return {};
    const auto text = bytes_.substr(offset, 64);
    return text.substr(0, text.find('\0'));
  }

  std::string_view bytes_;
  std::vector<Elf64_Phdr> segments_;
};

}  // namespace

std::optional<GlibcVersion> newest_glibc(std::string_view bytes) {
  const bool is_ours = bytes.size() > EI_DATA && bytes.starts_with(ELFMAG) && bytes[EI_CLASS] == ELFCLASS64 &&
                       bytes[EI_DATA] == ELFDATA2LSB;
  return is_ours ? DynamicFile(bytes).newest() : std::nullopt;
}

}  // namespace cli
