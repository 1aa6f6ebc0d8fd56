// SPDX-License-Identifier: Apache-2.0
#include "cli/check_programs.h"

#include "cli/check_elf.h"
#include "cli/entry_facts.h"
#include "handler/foreign_program.h"

#include <elf.h>

#include <algorithm>

namespace cli {
namespace {

constexpr GlibcVersion kGlibc{2, 34};  // of Amazon Linux 2023

void check_run_bit(const CheckedEntry& checked, const handler::ElfHead& elf) {
  const bool starts =
      !elf.interpreter.empty() || file_name(checked.entry.path).find('.') == std::string::npos;
  if (!starts || can_run(checked.entry)) return;
  checked.error(
      checked.entry.has_modes
          ? "is a program without the run bit. Before packing: chmod +x"
          : "is a program without the run bit, which zips from Windows do not have. Pack it on Linux or "
            "in WSL, or bring it in a layer that was packed there");
}

bool has_loader(const CheckedEntry& checked, const std::string& loader) {
  const bool is_arm = checked.options.is_arm;
  return loader == (is_arm ? "/lib/ld-linux-aarch64.so.1" : "/lib64/ld-linux-x86-64.so.2") ||
         is_there(loader, checked.all);
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

}  // namespace

void check_program(const CheckedEntry& checked, const handler::ElfHead& elf) {
  const bool is_arm = checked.options.is_arm;
  check_run_bit(checked, elf);
  if (elf.machine != (is_arm ? EM_AARCH64 : EM_X86_64))
    return checked.error("was built for " + handler::machine_name(elf.machine) +
                         ", but the function is for " + (is_arm ? "arm64" : "x86_64") +
                         ". Build it for that, or change --arch");
  if (!elf.interpreter.empty() && !has_loader(checked, elf.interpreter))
    return checked.error("needs the dynamic loader " + elf.interpreter +
                         ", which is not there. Link it statically");
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
