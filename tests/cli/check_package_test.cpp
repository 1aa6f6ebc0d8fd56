// SPDX-License-Identifier: Apache-2.0
#include "check_run.h"

#include <elf.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>

namespace {

/// A program's head with a dynamic loader, whose name stands that far behind it; nothing else is looked at
/// without a dynamic part.
std::string elf_program(std::uint16_t machine, const std::string& loader, std::size_t gap = 0) {
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_machine = machine;
  header.e_phoff = sizeof(header);
  header.e_phnum = 1;
  Elf64_Phdr segment{};
  segment.p_type = PT_INTERP;
  segment.p_offset = sizeof(header) + sizeof(segment) + gap;
  segment.p_filesz = loader.size() + 1;
  std::string bytes(sizeof(header) + sizeof(segment), '\0');
  std::memcpy(bytes.data(), &header, sizeof(header));
  std::memcpy(bytes.data() + sizeof(header), &segment, sizeof(segment));
  return bytes + std::string(gap, 'x') + loader + std::string(1, '\0');
}

/// A program whose one symbol version is this one; addresses are offsets.
std::string elf_that_needs(const std::string& version) {
  struct File {
    Elf64_Ehdr header{};
    Elf64_Phdr segments[2]{};
    Elf64_Dyn dynamic[3]{};
    Elf64_Verneed need{};
    Elf64_Vernaux aux{};
    char strings[32]{};
  } file;
  std::memcpy(file.header.e_ident, ELFMAG, SELFMAG);
  file.header.e_ident[EI_CLASS] = ELFCLASS64;
  file.header.e_ident[EI_DATA] = ELFDATA2LSB;
  file.header.e_machine = EM_X86_64;
  file.header.e_phoff = offsetof(File, segments);
  file.header.e_phnum = 2;
  file.segments[0].p_type = PT_LOAD;
  file.segments[0].p_filesz = sizeof(file);
  file.segments[1].p_type = PT_DYNAMIC;
  file.segments[1].p_offset = offsetof(File, dynamic);
  file.dynamic[0].d_tag = DT_VERNEED;
  file.dynamic[0].d_un.d_val = offsetof(File, need);
  file.dynamic[1].d_tag = DT_STRTAB;
  file.dynamic[1].d_un.d_val = offsetof(File, strings);
  file.need.vn_cnt = 1;
  file.need.vn_aux = offsetof(File, aux) - offsetof(File, need);
  version.copy(file.strings, sizeof(file.strings) - 1);
  return {reinterpret_cast<const char*>(&file), sizeof(file)};
}

const std::string kLoader = "/lib64/ld-linux-x86-64.so.2";

TEST_F(CheckTest, NothingIsFoundInAPlainPackage) {
  expect_nothing(check({"--handler", "main.sh", "--strict"}));
}

TEST_F(CheckTest, NothingIsFoundInAnyOfTheSamples) {
  for (const auto* folder : {"", "/cgi", "/batch", "/search", "/migrated"})
    expect_nothing(check({"--strict"}, support::source_dir() + "/handlers" + folder));
}

TEST_F(CheckTest, FindsAProgramThatLostItsRunBit) {
  write("tool", elf_program(EM_X86_64, kLoader));
  expect_one(check({"--arch", "x86_64"}), "tool:1: error: ", "chmod +x");
}

TEST_F(CheckTest, FindsAScriptThatLostItsRunBit) {
  write("main.sh", "#!/bin/sh\ncat\n", 0644);
  ASSERT_EQ(::chmod((cli.folder / "package/main.sh").c_str(), 0644), 0);
  expect_one(check(), "main.sh:1: warning: ", "chmod +x");
}

TEST_F(CheckTest, FindsAProgramForAnotherMachine) {
  write("tool", elf_program(EM_AARCH64, kLoader), 0755);
  expect_one(check({"--arch", "x86_64"}), "tool:1: error: ", "built for arm64");
}

TEST_F(CheckTest, FindsALoaderThatTheImageLacks) {
  write("tool", elf_program(EM_X86_64, "/lib/ld-musl-x86_64.so.1"), 0755);
  expect_one(check({"--arch", "x86_64"}), "tool:1: error: ", "/lib/ld-musl-x86_64.so.1");
}

TEST_F(CheckTest, FindsALoaderThatStandsFarBehindTheHead) {
  for (const std::size_t gap : {5000U, 300000U}) {
    write("tool", elf_program(EM_X86_64, "/lib/ld-musl-x86_64.so.1", gap), 0755);
    expect_one(check({"--arch", "x86_64"}), "tool:1: error: ", "/lib/ld-musl-x86_64.so.1 of musl");
    write("tool", elf_program(EM_X86_64, kLoader, gap), 0755);
    expect_nothing(check({"--arch", "x86_64"}));
  }
}

TEST_F(CheckTest, FindsALoaderThatAProgramOfALayerLacks) {
  cli.folder.write("layer/bin/tool", elf_program(EM_X86_64, "/nix/store/x/ld-linux-x86-64.so.2"), 0755);
  expect_one(check({"--arch", "x86_64", "--layer", "layer"}),
             "layer/bin/tool:1: error: ", "/nix/store/x/ld-linux-x86-64.so.2 of another distribution");
  cli.folder.write("layer/bin/tool", elf_program(EM_X86_64, "/opt/lib/ld.so"), 0755);
  cli.folder.write("layer/lib/ld.so", elf_program(EM_X86_64, ""), 0755);
  expect_nothing(check({"--arch", "x86_64", "--layer", "layer"}));
  EXPECT_TRUE(has(check({"--arch", "arm64", "--layer", "layer"}).out,
                  "layer/bin/tool:1: error: was built for x86_64"));
}

TEST_F(CheckTest, FindsAGlibcNewerThanTheImages) {
  write("tool", elf_that_needs("GLIBC_2.38"), 0755);
  expect_one(check({"--arch", "x86_64"}), "tool:1: error: ", "needs glibc 2.38");
  write("tool", elf_that_needs("GLIBC_2.34"), 0755);
  expect_nothing(check({"--arch", "x86_64"}));
}

TEST_F(CheckTest, APackageWithItsOwnGlibcMayNeedAnyVersion) {
  write("tool", elf_that_needs("GLIBC_2.38"), 0755);
  write("lib/libc.so.6", elf_that_needs("GLIBC_2.38"), 0755);
  expect_nothing(check({"--arch", "x86_64"}));
}

TEST_F(CheckTest, ABrokenProgramIsNoReasonToFail) {
  const auto whole = elf_that_needs("GLIBC_2.34");
  for (std::size_t size = 4; size < whole.size(); size += 41) {
    write("libx.so", std::string_view(whole).substr(0, size));
    EXPECT_TRUE(has(check({"--arch", "x86_64"}).out, " in 2 entries")) << size;
  }
}

TEST_F(CheckTest, FindsAnInterpreterThatTheImageLacks) {
  write("main.sh", "#!/usr/bin/env python3\n", 0755);
  expect_one(check(), "main.sh:1: warning: ", "python3 may be missing");
}

TEST_F(CheckTest, FindsAFileThatOnlyItsOwnerReads) {
  write("data", "x", 0600);
  expect_one(check(), "data:1: error: ", "cannot be read by the function's user");
}

TEST_F(CheckTest, FindsLinksThatLeadAway) {
  const auto link = cli.folder / "package/link";
  ASSERT_EQ(::symlink("../../etc/passwd", link.c_str()), 0);
  expect_one(check(), "link:1: error: ", "out of the package");
  std::filesystem::remove(link);
  ASSERT_EQ(::symlink("/home/me/tool", link.c_str()), 0);
  expect_one(check(), "link:1: warning: ", "may not be there");
  std::filesystem::remove(link);
  ASSERT_EQ(::symlink("main.sh", link.c_str()), 0);
  expect_nothing(check());
}

TEST_F(CheckTest, FindsLineEndsOfAnotherSystem) {
  write("lib.sh", "greet() {\n  echo hello\r\n}\n");
  expect_one(check(), "lib.sh:2: error: ", "CR LF");
}

TEST_F(CheckTest, FindsAPackageOverTheLimit) {
  write("big", "");
  std::filesystem::resize_file(cli.folder / "package/big", 251U << 20U);
  expect_one(check(), "package:1: error: ", "251 MB unpacked");
}

TEST_F(CheckTest, FindsAHandlerOverTheLimit) {
  const std::string name(129, 'x');
  write(name, "#!/bin/sh\n", 0755);
  expect_one(check({"--handler", name}), "--handler:1: error: ", "limit is 128");
}

TEST_F(CheckTest, FindsAnEnvironmentOverTheLimit) {
  expect_one(check({"--env", "AB=" + std::string(4095, 'x')}), "--env:1: error: ", "limit for all variables");
  expect_nothing(check({"--env", "AB=" + std::string(4094, 'x')}));
}

TEST_F(CheckTest, FindsAHandlerThatIsNotThere) {
  expect_one(check({"--handler", "nothing.here"}), "--handler:1: error: ", "nothing.here is neither");
}

TEST_F(CheckTest, FindsAHandlerInAnotherCase) {
  expect_one(check({"--handler", "Main.sh"}), "--handler:1: error: ", "mind the case");
}

TEST_F(CheckTest, FindsAHandlerThatWouldRunEventsAsCode) {
  expect_one(check({"--handler", "bash"}), "--handler:1: error: ", "as code");
}

TEST_F(CheckTest, FindsAFunctionThatItsFileLacks) {
  write("lib.sh", "greet() { cat; }\n");
  expect_nothing(check({"--handler", "lib.greet"}));
  expect_one(check({"--handler", "lib.gret"}), "lib.sh:1: warning: ", "may lack the function gret");
}

TEST_F(CheckTest, FindsACommandThatCannotBeATemplate) {
  write("shellstrap.json", R"({"command": ["sh", "-c", "echo {/name}"]})");
  expect_one(check(), "shellstrap.json:1: error: ", "{/name}");
}

TEST_F(CheckTest, KnowsThePlacesOfFilesAndOfTheEvent) {
  write("shellstrap.json", R"({"command": ["./main.sh", "{@in.html/body}", "{@>out.pdf}", "{@*}"]})");
  expect_nothing(check());
  write("shellstrap.json", R"({"command": ["./main.sh", "{@in.html/body}", "{@>in.html}"]})");
  expect_one(check(), "shellstrap.json:1: error: ", "there is another file in.html");
}

TEST_F(CheckTest, FindsAWrapperThatIsNotThereOrNotExecutable) {
  write("plain", "exec \"$@\"\n");
  write("good", "#!/bin/sh\nexec \"$@\"\n", 0755);
  expect_one(check({"--handler", "main.sh", "--env", "AWS_LAMBDA_EXEC_WRAPPER=/opt/none"}),
             "AWS_LAMBDA_EXEC_WRAPPER:1: error: ", "/opt/none is neither in the package nor in a layer");
  expect_one(check({"--handler", "main.sh", "--env", "AWS_LAMBDA_EXEC_WRAPPER=plain"}),
             "AWS_LAMBDA_EXEC_WRAPPER:1: error: ", "plain is not executable");
  expect_nothing(check({"--handler", "main.sh", "--env", "AWS_LAMBDA_EXEC_WRAPPER=good"}));
}

TEST_F(CheckTest, FindsSettingsThatAreNotJson) {
  write("shellstrap.json", "{\n\n");
  expect_one(check(),
             "shellstrap.json:2: error: ", "is not JSON: line 2, column 1 (byte 3): unexpected end of input");
}

TEST_F(CheckTest, StrictMakesWarningsCountAndAWrongUseIsTwo) {
  script("jq .");
  EXPECT_EQ(check().state, exited(0));
  EXPECT_EQ(check({"--strict"}).state, exited(1));
  EXPECT_EQ(check({}, "nowhere").state, exited(2));
  EXPECT_EQ(check({"--arch", "z80"}).state, exited(2));
  EXPECT_EQ(cli.run({"check"}).state, exited(2));
}

}  // namespace
