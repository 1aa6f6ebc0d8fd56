// SPDX-License-Identifier: Apache-2.0
#include "handler/resolve.h"

#include "support/temp_dir.h"

#include <elf.h>
#include <sys/stat.h>

#include <cstring>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace {

using handler::InitProblem;
using handler::ProgramSpec;
using handler::Resolved;
using handler::ShellFunctionSpec;
using Words = std::vector<std::string>;

std::string this_program() {
  std::ifstream file("/proc/self/exe", std::ios::binary);
  std::string head(8192, '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  return head;
}

class ResolveTest : public testing::Test {
 protected:
  handler::Request request(const std::string& handler) {
    return {{}, std::nullopt, handler, root_.path(), root_ / "bin" + ":/usr/bin:/bin"};
  }

  Resolved found(const handler::Request& wanted) {
    auto result = handler::resolve(wanted);
    if (auto* problem = std::get_if<InitProblem>(&result)) {
      ADD_FAILURE() << problem->message;
      return {ProgramSpec{}, {}, {}};
    }
    return std::get<Resolved>(result);
  }

  Words arguments(const handler::Request& wanted) {
    return std::get<ProgramSpec>(found(wanted).spec).arguments;
  }

  InitProblem problem(const handler::Request& wanted) {
    auto result = handler::resolve(wanted);
    if (auto* refused = std::get_if<InitProblem>(&result)) return *refused;
    ADD_FAILURE() << "it was accepted";
    return {api::ErrorType::Known::internal, {}};
  }

  void expect_problem(const std::string& handler, const std::string& type, const std::string& fix) {
    const auto refused = problem(request(handler));
    EXPECT_EQ(refused.type.text(), type);
    EXPECT_NE(refused.message.find(fix), std::string::npos) << refused.message;
    EXPECT_NE(refused.message.find(handler), std::string::npos) << refused.message;
  }

  support::TempDir root_;
};

}  // namespace

TEST_F(ResolveTest, AnExecutableFileIsRunWhateverItsExtension) {
  for (const auto* name : {"run", "run.sh", "run.py", "deep/er/run.tool"}) {
    const auto path = root_.write(name, "#!/bin/sh\n", 0755);
    EXPECT_EQ(arguments(request(name)), Words{path}) << name;
    EXPECT_EQ(arguments(request(path)), Words{path}) << "absolute " << name;
  }
}

TEST_F(ResolveTest, AScriptWithoutTheRunBitIsRunByItsInterpreterWithOneWarning) {
  const auto path = root_.write("run.py", "#!/usr/bin/env -S sh -e\n", 0644);
  const auto resolved = found(request("run.py"));
  EXPECT_EQ(std::get<ProgramSpec>(resolved.spec).arguments, (Words{"/usr/bin/env", "-S sh -e", path}));
  ASSERT_EQ(resolved.warnings.size(), 1U);
  EXPECT_NE(resolved.warnings[0].find("chmod +x"), std::string::npos);
}

TEST_F(ResolveTest, ATextWithoutShebangIsRunByShWithOrWithoutTheRunBit) {
  for (const mode_t mode : {0644, 0755}) {
    const auto path = root_.write("plain" + std::to_string(mode), "echo hi\n", mode);
    const auto resolved = found(request("plain" + std::to_string(mode)));
    EXPECT_EQ(std::get<ProgramSpec>(resolved.spec).arguments, (Words{"/bin/sh", path}));
    ASSERT_EQ(resolved.warnings.size(), 1U);
    EXPECT_NE(resolved.warnings[0].find("name its interpreter in line 1"), std::string::npos);
    const bool says_chmod = resolved.warnings[0].find("chmod +x") != std::string::npos;
    EXPECT_EQ(says_chmod, mode == 0644) << resolved.warnings[0];
  }
}

TEST_F(ResolveTest, ABareNameIsLookedUpOnPath) {
  const auto path = root_.write("bin/mytool", "#!/bin/sh\n", 0755);
  EXPECT_EQ(arguments(request("mytool")), Words{path});
}

TEST_F(ResolveTest, AFileOfThePackageWinsOverACommandOfThatName) {
  root_.write("bin/cat", "#!/bin/sh\n", 0755);
  const auto path = root_.write("cat", "#!/bin/sh\n", 0755);
  EXPECT_EQ(arguments(request("cat")), Words{path});
}

TEST_F(ResolveTest, TwoArgumentsOrMoreAreACommandAndWinOverEverything) {
  auto wanted = request("ignored.sh");
  wanted.command = Words{"also-ignored"};
  wanted.arguments = {"cat", "-n", "a b"};
  EXPECT_EQ(arguments(wanted), (Words{"cat", "-n", "a b"}));
}

TEST_F(ResolveTest, OneArgumentIsReadAsTheHandlerAndWinsOverIt) {
  const auto path = root_.write("mine.sh", "#!/bin/sh\n", 0755);
  auto wanted = request("other.sh");
  wanted.arguments = {"mine.sh"};
  EXPECT_EQ(arguments(wanted), Words{path});
}

TEST_F(ResolveTest, TheCommandSettingWinsOverTheHandler) {
  root_.write("mine.sh", "#!/bin/sh\n", 0755);
  auto wanted = request("mine.sh");
  wanted.command = Words{"cat", "-"};
  EXPECT_EQ(arguments(wanted), (Words{"cat", "-"}));
}

TEST_F(ResolveTest, ACommandWithASlashStartsAtTheTaskRoot) {
  const auto path = root_.write("tools/run", "#!/bin/sh\n", 0755);
  auto wanted = request("");
  wanted.command = Words{"tools/run", "x"};
  const auto resolved = found(wanted);
  EXPECT_EQ(std::get<ProgramSpec>(resolved.spec).program, path);
  EXPECT_EQ(std::get<ProgramSpec>(resolved.spec).arguments, (Words{"tools/run", "x"}));
}

TEST_F(ResolveTest, AShellFunctionIsFoundByTheLastDotFirst) {
  const auto file = root_.write("a.b.sh", "handler() { :; }\n");
  root_.write("a.sh", "b.handler() { :; }\n");
  const auto spec = std::get<ShellFunctionSpec>(found(request("a.b.handler")).spec);
  EXPECT_EQ(spec.file, file);
  EXPECT_EQ(spec.function, "handler");
}

TEST_F(ResolveTest, AShellFunctionIsFoundByAnEarlierDotToo) {
  const auto file = root_.write("a.sh", "b.handler() { :; }\n");
  const auto spec = std::get<ShellFunctionSpec>(found(request("a.b.handler")).spec);
  EXPECT_EQ(spec.file, file);
  EXPECT_EQ(spec.function, "b.handler");
}

TEST_F(ResolveTest, AShellFunctionsFileMayLieDeepOrEndInBashOrInNothing) {
  for (const auto* name : {"dir/function.sh", "other.bash", "bare"}) {
    const auto file = root_.write(name, "f() { :; }\n");
    const auto stem = std::string(name).substr(0, std::string(name).find('.'));
    EXPECT_EQ(std::get<ShellFunctionSpec>(found(request(stem + ".f")).spec).file, file) << name;
  }
}

TEST_F(ResolveTest, AnExistingFileWinsOverAFunction) {
  root_.write("function.sh", "sh() { :; }\n");
  const auto path = root_.write("function.sh.sh", "#!/bin/sh\n", 0755);
  EXPECT_EQ(arguments(request("function.sh.sh")), Words{path});
}

TEST_F(ResolveTest, AMissingHandlerListsWhatWasTried) {
  expect_problem("nowhere.handler", "Runtime.HandlerNotFound", root_ / "nowhere.sh");
  expect_problem("nowhere", "Runtime.HandlerNotFound", "/usr/bin");
  expect_problem("no/where", "Runtime.HandlerNotFound", root_ / "no/where");
  EXPECT_NE(problem(request("")).message.find("SHELLSTRAP_COMMAND"), std::string::npos);
}

TEST_F(ResolveTest, NoPlaceIsListedTwice) {
  const auto message = problem(request("nowhere.sh")).message;
  const auto place = root_ / "nowhere.sh" + ",";
  EXPECT_EQ(message.find(place), message.rfind(place)) << message;
}

TEST_F(ResolveTest, AMissingCommandSaysWhereItWasSought) {
  auto wanted = request("");
  wanted.command = Words{"no-such-tool", "x"};
  EXPECT_NE(problem(wanted).message.find("PATH"), std::string::npos);
  wanted.command = Words{"./no-such-tool", "x"};
  EXPECT_NE(problem(wanted).message.find(root_.path()), std::string::npos);
}

TEST_F(ResolveTest, ADirectoryIsRefused) {
  ASSERT_EQ(::mkdir((root_ / "folder").c_str(), 0755), 0);
  expect_problem("folder", "Runtime.InvalidHandler", "is a directory");
}

TEST_F(ResolveTest, AProgramWithoutTheRunBitGetsTheChmodLine) {
  const auto path = root_.write("tool", this_program(), 0644);
  expect_problem("tool", "Runtime.InvalidHandler", "chmod +x " + path);
}

TEST_F(ResolveTest, AProgramForAnotherMachineIsNamed) {
  auto bytes = this_program();
  const std::uint16_t riscv = EM_RISCV;
  std::memcpy(bytes.data() + offsetof(Elf64_Ehdr, e_machine), &riscv, sizeof riscv);
  root_.write("tool", bytes, 0755);
  expect_problem("tool", "Runtime.InvalidHandler", "riscv");
}

TEST_F(ResolveTest, AMissingLoaderIsNamedWhereverItsNameStands) {
  const std::string loader = "/no/such/ld.so";
  for (const std::size_t place : {0x200U, 0x2000U, 0x20000U}) {
    auto bytes = this_program();
    Elf64_Ehdr header;
    std::memcpy(&header, bytes.data(), sizeof header);
    Elf64_Phdr segment{};
    segment.p_type = PT_INTERP;
    segment.p_offset = place;
    segment.p_filesz = loader.size() + 1;
    std::memcpy(bytes.data() + header.e_phoff, &segment, sizeof segment);
    header.e_phnum = 1;
    std::memcpy(bytes.data(), &header, sizeof header);
    bytes.resize(place);
    root_.write("tool", bytes + loader + std::string(1, '\0'), 0755);
    expect_problem("tool", "Runtime.InvalidHandler", loader);
  }
}

TEST_F(ResolveTest, AMissingInterpreterIsNamed) {
  root_.write("run.sh", "#!/no/such/sh\n", 0755);
  expect_problem("run.sh", "Runtime.InvalidHandler", "/no/such/sh");
  root_.write("soft.sh", "#!/no/such/sh\n", 0644);
  expect_problem("soft.sh", "Runtime.InvalidHandler", "/no/such/sh");
}

TEST_F(ResolveTest, WindowsLineEndsInTheFirstLineAreNamedWithTheFix) {
  root_.write("run.sh", "#!/bin/sh\r\necho\r\n", 0755);
  expect_problem("run.sh", "Runtime.InvalidHandler", "CR LF");
}

TEST_F(ResolveTest, ATextOfAnotherLanguageWithoutShebangIsRefusedWithOrWithoutTheRunBit) {
  for (const auto* name : {"run.py", "run.PY", "deep/run.pl", "run.rb", "run.js", "run.mjs", "run.ts",
                           "run.php", "run.lua", "run.R", "run.awk", "run.fish", "run.ps1"})
    for (const mode_t mode : {0644, 0755}) {
      root_.write(name, "import sys\n", mode);
      expect_problem(name, "Runtime.InvalidHandler", "has no #! line");
    }
  expect_problem("run.py", "Runtime.InvalidHandler", "#!/usr/bin/env python3");
  for (const auto* name : {"main.go", "main.rs", "Main.java", "data.json", "page.html", "start.bat"}) {
    root_.write(name, "x\n", 0755);
    expect_problem(name, "Runtime.InvalidHandler", "cannot be started");
  }
}

TEST_F(ResolveTest, TheSameInACommandIsRefusedToo) {
  root_.write("run.py", "import sys\n", 0755);
  auto wanted = request("");
  wanted.command = Words{"./run.py", "x"};
  EXPECT_NE(problem(wanted).message.find("has no #! line"), std::string::npos);
}

TEST_F(ResolveTest, TextsWithSuffixesOfShellsOrWithoutAMeaningAreStillRunBySh) {
  for (const auto* name :
       {"run.sh", "run.bash", "run.ksh", "run.zsh", "run", "run.tool", "run.handler", "v1.2", ".py"}) {
    const auto path = root_.write(name, "echo hi\n", 0644);
    EXPECT_EQ(arguments(request(name)), (Words{"/bin/sh", path})) << name;
  }
}

TEST_F(ResolveTest, EncodingsThatNoInterpreterReadsAreNamed) {
  using namespace std::string_literals;
  for (const mode_t mode : {0644, 0755}) {
    root_.write("run.sh", "\xFF\xFE#\0!\0/\0"s, mode);
    expect_problem("run.sh", "Runtime.InvalidHandler", "UTF-16");
    root_.write("run", "\xEF\xBB\xBF#!/usr/bin/env python3\n", mode);
    expect_problem("run", "Runtime.InvalidHandler", "byte order mark");
  }
}

TEST_F(ResolveTest, AShellScriptBehindAByteOrderMarkIsRunAsEverWithAWarningThatNamesIt) {
  const auto path = root_.write("run.sh", "\xEF\xBB\xBF#!/bin/sh\n", 0755);
  const auto resolved = found(request("run.sh"));
  EXPECT_EQ(std::get<ProgramSpec>(resolved.spec).arguments, (Words{"/bin/sh", path}));
  ASSERT_EQ(resolved.warnings.size(), 1U);
  EXPECT_NE(resolved.warnings[0].find("byte order mark"), std::string::npos);
}

TEST_F(ResolveTest, FirstLinesThatCanNeverWorkAreNamed) {
  for (const auto* line : {"#!/usr/bin/env", "#!/usr/bin/env sh -e", "#!/bin/sh -e -u"}) {
    root_.write("run", std::string(line) + "\ncat\n", 0755);
    expect_problem("run", "Runtime.InvalidHandler", "the #! line of run ");
  }
}

TEST_F(ResolveTest, AProgramOfAnotherSystemIsNamed) {
  for (const mode_t mode : {0644, 0755}) {
    root_.write("tool", "\xCF\xFA\xED\xFE" + std::string(60, '\0'), mode);
    expect_problem("tool", "Runtime.InvalidHandler", "is a program for macOS");
  }
}

TEST_F(ResolveTest, BinaryDataWithoutTheRunBitIsRefused) {
  root_.write("blob", std::string("\x01\x00\x02", 3), 0644);
  expect_problem("blob", "Runtime.InvalidHandler", "chmod +x");
}

TEST_F(ResolveTest, ABareInterpreterIsRefusedHoweverItIsNamed) {
  expect_problem("sh", "Runtime.InvalidHandler", "event as code");
  expect_problem("/bin/sh", "Runtime.InvalidHandler", "event as code");
  auto wanted = request("");
  wanted.command = Words{"bash"};
  EXPECT_NE(problem(wanted).message.find("event as code"), std::string::npos);
}

TEST_F(ResolveTest, AnInterpreterWithAScriptIsACommandLikeAnyOther) {
  auto wanted = request("");
  wanted.command = Words{"sh", "script.sh"};
  EXPECT_EQ(arguments(wanted), (Words{"sh", "script.sh"}));
}
