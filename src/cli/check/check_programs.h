// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/check/check_entry.h"
#include "handler/program/elf.h"

#include <cstdint>
#include <string>

namespace cli {

/// A package may have 250 MB, all layers included, once it is unpacked.
/// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html; MB are 2^20 bytes there.
inline constexpr std::uint64_t kMostUnpacked = 250U << 20U;

/// An ELF file: its run bit, machine, loader and glibc.
void check_program(const CheckedEntry& checked, const handler::ElfHead& elf);

/// Whether it is a program of another system, and what there is to say of that.
bool check_foreign_program(const CheckedEntry& checked, const std::string& head);

}  // namespace cli
