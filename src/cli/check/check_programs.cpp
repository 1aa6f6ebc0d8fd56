// SPDX-License-Identifier: Apache-2.0
#include "cli/check/check_programs.h"

#include "cli/content/check_elf.h"
#include "cli/package/entry_facts.h"
#include "handler/program/foreign_program.h"

#include <elf.h>

#include <algorithm>

namespace cli {
namespace {

constexpr GlibcVersion kGlibc{2, 34};  // of Amazon Linux 2023

void check_run_bit(const CheckedEntry& checked, const std::string& loader) {
  const bool starts = !loader.empty() || file_name(checked.entry.path).find('.') == std::string::npos;
  if (!starts || can_run(checked.entry)) return;
  checked.error(
      checked.entry.has_modes
          ? "is a program without the run bit. Before packing: chmod +x"
          : "is a program without the run bit, which zips from Windows do not have. Pack it on Linux or "
            "in WSL, or bring it in a layer that was packed there");
}

bool has_loader(const CheckedEntry& checked, const std::string& loader) {
  const bool is_arm = checked.options.is_arm;
  const std::string images = is_arm ? "/lib/ld-linux-aarch64.so.1" : "/lib64/ld-linux-x86-64.so.2";
  return loader == images || loader == "/usr" + images || is_there(loader, checked.all);
}

/// A package with a C library of its own starts its programs with that one.
bool brings_glibc(const Package& package) {
  return std::ranges::any_of(package.entries,
                             [](const auto& entry) { return file_name(entry.path) == "libc.so.6"; });
}

void check_glibc(const CheckedEntry& checked) {
  if (brings_glibc(checked.package)) return;
  const auto bytes = checked.entry.read(kMostUnpacked);
  if (!bytes) return checked.error(bytes.error().message);
  const auto newest = newest_glibc(*bytes);
  if (!newest || *newest <= kGlibc) return;
  checked.error("needs glibc " + std::to_string(newest->major) + "." + std::to_string(newest->minor) +
                ", but provided.al2023 has 2.34. Build it on Amazon Linux 2023, or link it statically");
}

/// Whose C library this is the loader of, as far as its path tells.
std::string origin_of(std::string_view loader) {
  if (loader.find("/ld-musl-") != loader.npos) return " of musl (Alpine Linux)";
  if (loader.starts_with("/nix/") || loader.starts_with("/gnu/")) return " of another distribution";
  return loader.find("/uclibc") != loader.npos || loader.find("/ld-uClibc") != loader.npos ? " of uClibc"
                                                                                           : "";
}

/// The loader's name may be behind all else.
std::string loader_of(const CheckedEntry& checked, const handler::ElfHead& elf) {
  if (!handler::lacks_interpreter(elf)) return elf.interpreter;
  if (elf.interpreter_offset > kMostUnpacked) return {};
  const auto bytes = checked.entry.read(elf.interpreter_offset + elf.interpreter_size);
  return bytes && bytes->size() > elf.interpreter_offset
             ? handler::interpreter_in(std::string_view(*bytes).substr(elf.interpreter_offset))
             : std::string();
}

}  // namespace

void check_program(const CheckedEntry& checked, const handler::ElfHead& elf) {
  const bool is_arm = checked.options.is_arm;
  const auto loader = loader_of(checked, elf);
  check_run_bit(checked, loader);
  if (elf.machine != (is_arm ? EM_AARCH64 : EM_X86_64))
    return checked.error("was built for " + handler::machine_name(elf.machine) +
                         ", but the function is for " + (is_arm ? "arm64" : "x86_64") +
                         ". Build it for that, or change --arch");
  if (!loader.empty() && !has_loader(checked, loader))
    return checked.error("needs the dynamic loader " + loader + origin_of(loader) +
                         ", which is not there. Link it statically, or build it on Amazon Linux 2023");
  check_glibc(checked);
}

bool check_foreign_program(const CheckedEntry& checked, const std::string& head) {
  const auto system = handler::foreign_system(head);
  if (system.empty()) return false;
  const auto name = file_name(checked.entry.path);
  // Programs of .NET are in this format, too, and packages of Python bring some for whoever unpacks them
  // elsewhere.
  const bool is_meant = checked.is_started || name.find('.') == std::string::npos || system == "macOS";
  if (is_meant)
    checked.error("is a program for " + std::string(system) + ". Build it for Linux on " +
                  (checked.options.is_arm ? "arm64" : "x86_64"));
  return true;
}

}  // namespace cli
