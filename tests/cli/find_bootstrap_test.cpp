// SPDX-License-Identifier: Apache-2.0
#include "cli/package/check_package.h"
#include "cli_run.h"
#include "static_program.h"

#include <elf.h>
#include <unistd.h>

#include <filesystem>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

constexpr std::uint16_t kOtherMachine = kOwnMachine == EM_AARCH64 ? EM_X86_64 : EM_AARCH64;

std::string arch(std::uint16_t machine) {
  return machine == EM_AARCH64 ? "arm64" : "x86_64";
}

/// A copy of `shellstrap` where an installation has it: prefix/bin.
class FindBootstrapTest : public testing::Test {
 protected:
  FindBootstrapTest() {
    cli.folder.write("hello/hello.sh", "#!/bin/sh\ncat\n", 0755);
    fs::create_directories(cli.folder / "prefix/bin");
    fs::copy_file(support::cli_program(), program());
  }

  [[nodiscard]] std::string program() const { return cli.folder / "prefix/bin/shellstrap"; }

  /// In a file of this name, below the prefix, that says where it was.
  void put(const std::string& name, std::uint16_t machine) const {
    cli.folder.write("prefix/" + name, static_program(machine) + name, 0755);
  }

  /// Where the bootstrap that was packed had been; empty: none was.
  [[nodiscard]] std::string packed_for(std::uint16_t machine) const {
    const auto zip = cli.folder / "function.zip";
    fs::remove(zip);
    result =
        support::run_tool({starts_as, "pack", cli.folder / "hello", "--arch", arch(machine), "--output", zip},
                          {}, cli.environment());
    const auto package = cli::open_package(zip);
    const auto* entry = package ? package->find("bootstrap") : nullptr;
    return entry == nullptr ? "" : entry->read(entry->size)->substr(static_program(machine).size());
  }

  Cli cli;
  std::string starts_as = program();
  mutable support::ToolResult result = {.state = exited(0), .out = {}, .err = {}};
};

TEST_F(FindBootstrapTest, AnInstallationHasThoseOfBothMachines) {
  for (const auto machine : {kOwnMachine, kOtherMachine}) {
    const auto name = "share/shellstrap/" + arch(machine) + "/bootstrap";
    put(name, machine);
    EXPECT_EQ(packed_for(machine), name) << result.err;
  }
}

TEST_F(FindBootstrapTest, AnUnpackedArchiveHasThemBelowItsOwnFolder) {
  const auto name = "bin/share/shellstrap/" + arch(kOtherMachine) + "/bootstrap";
  put(name, kOtherMachine);
  EXPECT_EQ(packed_for(kOtherMachine), name) << result.err;
}

TEST_F(FindBootstrapTest, TheOneBesideItIsForItsOwnMachineOnlyAndComesFirst) {
  put("bin/bootstrap", kOwnMachine);
  for (const auto machine : {kOwnMachine, kOtherMachine})
    put("share/shellstrap/" + arch(machine) + "/bootstrap", machine);
  EXPECT_EQ(packed_for(kOwnMachine), "bin/bootstrap") << result.err;
  EXPECT_EQ(packed_for(kOtherMachine), "share/shellstrap/" + arch(kOtherMachine) + "/bootstrap")
      << result.err;
}

TEST_F(FindBootstrapTest, ALinkToTheProgramLeadsToItsInstallation) {
  const auto name = "share/shellstrap/" + arch(kOtherMachine) + "/bootstrap";
  put(name, kOtherMachine);
  starts_as = cli.folder / "link";
  ASSERT_EQ(::symlink("prefix/bin/shellstrap", starts_as.c_str()), 0);
  EXPECT_EQ(packed_for(kOtherMachine), name) << result.err;
}

TEST_F(FindBootstrapTest, ARefusalNamesEveryPlaceAndHowToGetIt) {
  put("bin/bootstrap", kOwnMachine);
  EXPECT_EQ(packed_for(kOtherMachine), "");
  EXPECT_EQ(result.state, exited(2));
  const auto shared = "share/shellstrap/" + arch(kOtherMachine) + "/bootstrap\"";
  EXPECT_TRUE(has(result.err, "there is no bootstrap for " + arch(kOtherMachine) + " at \"" +
                                  (cli.folder / "prefix/bin/") + shared + " or \"" +
                                  (cli.folder / "prefix/") + shared))
      << result.err;
  EXPECT_TRUE(has(result.err, "install.sh")) << result.err;
  EXPECT_TRUE(has(result.err, "--bootstrap")) << result.err;
  EXPECT_FALSE(has(result.err, "bin/bootstrap")) << result.err;
}

TEST_F(FindBootstrapTest, AFileThatCannotBeRunIsRefusedAndNotPassedOver) {
  cli.folder.write("prefix/bin/share/shellstrap/" + arch(kOtherMachine) + "/bootstrap", "", 0644);
  put("share/shellstrap/" + arch(kOtherMachine) + "/bootstrap", kOtherMachine);
  EXPECT_EQ(packed_for(kOtherMachine), "");
  EXPECT_TRUE(has(result.err, "is not an executable file: try chmod +x")) << result.err;
}

TEST_F(FindBootstrapTest, InvokeAndTestStartThatOfTheInstallation) {
  const auto shared = cli.folder / ("prefix/share/shellstrap/" + arch(kOwnMachine));
  fs::create_directories(shared);
  fs::copy_file(support::bootstrap_program(), shared + "/bootstrap");
  cli.folder.write("hello/tests/one/event.json", "{}");
  cli.folder.write("hello/tests/one/expected", "{}");
  cli.folder.write("hello/shellstrap.json", R"({"command": ["cat"]})");
  const auto invoked =
      support::run_tool({program(), "invoke", "--task-root", cli.folder / "hello", "hello.sh", "-d", "{}"},
                        {}, cli.environment());
  EXPECT_EQ(invoked.state, exited(0)) << invoked.err;
  EXPECT_EQ(invoked.out, "{}");
  const auto tested = support::run_tool({program(), "test", cli.folder / "hello"}, {}, cli.environment());
  EXPECT_EQ(tested.state, exited(0)) << tested.out << tested.err;
}

}  // namespace
