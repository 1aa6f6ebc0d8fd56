// SPDX-License-Identifier: Apache-2.0
#include "handler/program/elf.h"

#include <elf.h>

#include <cstring>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace {

std::string head_of_this_program() {
  std::ifstream file("/proc/self/exe", std::ios::binary);
  std::string head(4096, '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  return head;
}

}  // namespace

TEST(ElfTest, ReadsItsOwnTestProgram) {
  const auto head = handler::parse_elf(head_of_this_program());
  ASSERT_TRUE(head);
  EXPECT_EQ(head->machine, handler::own_machine());
  EXPECT_TRUE(head->is_64_bit);
  EXPECT_TRUE(handler::may_run_here(*head));
  EXPECT_TRUE(head->interpreter.empty() || head->interpreter.starts_with("/lib"));
}

TEST(ElfTest, WhatIsNotElfIsNone) {
  for (const auto* bytes : {"", "#!/bin/sh\n",
                            "\x7f"
                            "EL",
                            "\x7f"
                            "ELF"})
    EXPECT_FALSE(handler::parse_elf(bytes)) << bytes;
}

TEST(ElfTest, EveryTruncationAndAnyOffsetIsSurvived) {
  const auto whole = head_of_this_program();
  for (std::size_t size = 0; size < 256; ++size)
    (void)handler::parse_elf(std::string_view(whole).substr(0, size));
  auto hostile = whole;
  const std::uint64_t far = ~0ULL - 3;
  std::memcpy(hostile.data() + offsetof(Elf64_Ehdr, e_phoff), &far, sizeof far);
  const auto head = handler::parse_elf(hostile);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->interpreter, "");
  EXPECT_FALSE(handler::lacks_interpreter(*head));
}

TEST(ElfTest, AnotherMachineCannotRunHere) {
  auto bytes = head_of_this_program();
  const std::uint16_t riscv = EM_RISCV;
  std::memcpy(bytes.data() + offsetof(Elf64_Ehdr, e_machine), &riscv, sizeof riscv);
  const auto head = handler::parse_elf(bytes);
  ASSERT_TRUE(head);
  EXPECT_FALSE(handler::may_run_here(*head));
  EXPECT_EQ(handler::machine_name(head->machine), "riscv");
}

TEST(ElfTest, BigEndianProgramsAreNotMistakenForOurs) {
  auto bytes = head_of_this_program();
  bytes[EI_DATA] = ELFDATA2MSB;
  const auto head = handler::parse_elf(bytes);
  ASSERT_TRUE(head);
  EXPECT_FALSE(handler::may_run_here(*head));
}
