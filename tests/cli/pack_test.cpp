// SPDX-License-Identifier: Apache-2.0
#include "cli/package/check_package.h"
#include "cli_run.h"
#include "static_program.h"

#include <elf.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// shellstrap pack of the folder "hello".
class PackTest : public testing::Test {
 protected:
  PackTest() {
    write("hello.sh", kScript, 0755);
    cli.folder.write("bootstrap", static_program(kOwnMachine), 0755);
  }

  void write(const std::string& name, std::string_view content, mode_t mode = 0644) const {
    cli.folder.write("hello/" + name, content, mode);
  }

  [[nodiscard]] support::ToolResult pack(std::vector<std::string> options = {"--bootstrap",
                                                                             "bootstrap"}) const {
    options.insert(options.begin(), {"pack", "hello"});
    return cli.run(options);
  }
  [[nodiscard]] std::string zip() const { return cli.folder / "function.zip"; }

  /// "bootstrap 755|hello.sh 755|": what our own reader finds in it.
  [[nodiscard]] std::string listing(const std::string& path) const {
    const auto package = cli::open_package(path);
    EXPECT_TRUE(package.ok());
    std::string text;
    for (const auto& entry : package->entries)
      text += entry.path + (entry.mode == 0755 ? " 755|" : entry.mode == 0644 ? " 644|" : " ?|");
    return text;
  }
  void expect_refused(const support::ToolResult& result, const std::string& part) const {
    EXPECT_EQ(result.state, exited(1)) << result.err;
    EXPECT_TRUE(has(result.err, part)) << result.err;
    EXPECT_TRUE(has(result.err, "; nothing was packed\n")) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_FALSE(fs::exists(zip()));
  }

  static constexpr auto kScript = "#!/bin/sh\ncat\n";
  Cli cli;
};

TEST_F(PackTest, HasTheBootstrapAndTheFilesSortedWithTheirRunBits) {
  write("a.txt", "text");
  write("lib/words.sh", "#!/bin/sh\n", 0755);
  write("empty", "");
  const auto result = pack();
  EXPECT_EQ(result.state, exited(0)) << result.err;
  EXPECT_EQ(result.out, "function.zip\n");
  EXPECT_EQ(listing(zip()), "a.txt 644|bootstrap 755|empty 644|hello.sh 755|lib/words.sh 755|");
}

TEST_F(PackTest, OurOwnReaderGetsEveryByteBack) {
  std::string noise;
  for (unsigned i = 0, x = 1; i < 100000; ++i)
    noise.push_back(static_cast<char>((x = x * 1103515245U + 12345U) >> 16U));
  write("noise", noise);
  write("same", std::string(300000, 'x'));
  ASSERT_EQ(pack().state, exited(0));
  const auto package = cli::open_package(zip());
  for (const auto& [name, content] : {std::pair<std::string, std::string>{"noise", noise},
                                      {"same", std::string(300000, 'x')},
                                      {"hello.sh", kScript}}) {
    const auto* entry = package->find(name);
    ASSERT_NE(entry, nullptr) << name;
    const auto read = entry->read(1U << 20U);
    EXPECT_TRUE(read && *read == content) << name;
  }
  EXPECT_LT(package->file_size, 110000U);
}

TEST_F(PackTest, PythonFindsNothingWrongAndTheSameBytesModesAndDates) {
  write("gr\xc3\xbc\xc3\x9f.txt", std::string(5000, 'y'));
  write("noise", "q7");
  ASSERT_EQ(pack().state, exited(0));
  const auto read = support::run_tool(
      {"python3", "-c",
       "import sys, zipfile\n"
       "z = zipfile.ZipFile(sys.argv[1])\n"
       "assert z.testzip() is None\n"
       "for i in z.infolist():\n"
       "    folder = sys.argv[3 if i.filename == 'bootstrap' else 2]\n"
       "    assert z.read(i) == open(folder + '/' + i.filename, 'rb').read()\n"
       "    print(ascii(i.filename), oct(i.external_attr >> 16), i.date_time[:3], i.compress_type)\n",
       zip(), cli.folder / "hello", cli.folder.path()});
  EXPECT_EQ(read.out,
            "'bootstrap' 0o100755 (1980, 1, 1) 8\n'gr\\xfc\\xdf.txt' 0o100644 (1980, 1, 1) 8\n"
            "'hello.sh' 0o100755 (1980, 1, 1) 0\n'noise' 0o100644 (1980, 1, 1) 0\n")
      << read.err;
}

TEST_F(PackTest, UnzipUnpacksProgramsThatRun) {
  ASSERT_EQ(pack().state, exited(0));
  ASSERT_TRUE(support::run_tool({"unzip", "-q", zip(), "-d", cli.folder / "out"}).state.success());
  EXPECT_EQ(support::run_tool({cli.folder / "out/hello.sh"}, "an event").out, "an event");
}

TEST_F(PackTest, TheSameFilesGiveTheSameBytesWhateverTheirDatesOwnersMaskAndFolder) {
  write("b", "1");
  write("sub/c", "2");
  ASSERT_EQ(pack().state, exited(0));
  fs::create_directories(cli.folder / "elsewhere/sub");
  cli.folder.write("elsewhere/sub/c", "2", 0600);
  cli.folder.write("elsewhere/hello.sh", kScript, 0700);
  cli.folder.write("elsewhere/b", "1", 0640);
  fs::last_write_time(cli.folder / "elsewhere/b", fs::file_time_type::min());
  const auto result = cli.run({"pack", "elsewhere/", "--bootstrap", "./bootstrap", "--output", "other.zip"});
  EXPECT_EQ(result.out, "other.zip\n") << result.err;
  EXPECT_EQ(bytes_of(zip()), bytes_of(cli.folder / "other.zip"));
}

TEST_F(PackTest, TestsDeploymentRepositoriesAndTheZipItselfStayOut) {
  for (const auto* name :
       {"tests/one/event.json", "deploy.json", ".git/HEAD", "sub/.git", ".shellstrapignore"})
    write(name, "");
  write("sub/tests/kept", "");
  write("sub/deploy.json", "");
  const std::vector<std::string> options = {"--layer", "--output", "hello/f.zip"};
  ASSERT_EQ(pack(options).state, exited(0));
  const auto first = bytes_of(cli.folder / "hello/f.zip");
  ASSERT_EQ(pack(options).state, exited(0));
  EXPECT_EQ(listing(cli.folder / "hello/f.zip"), "hello.sh 755|sub/deploy.json 644|sub/tests/kept 644|");
  EXPECT_EQ(bytes_of(cli.folder / "hello/f.zip"), first);
}

TEST_F(PackTest, WhatTheIgnoreFileNamesStaysOutEvenIfItCouldNotBePacked) {
  write(".shellstrapignore", "*.md\nlink\nold/\n");
  write("README.md", "");
  write("old/x", "");
  ASSERT_EQ(::symlink("/etc/passwd", (cli.folder / "hello/link").c_str()), 0);
  ASSERT_EQ(pack({"--layer"}).state, exited(0));
  EXPECT_EQ(listing(zip()), "hello.sh 755|");
  write(".shellstrapignore", "*.md\n[a-z]\n");
  const auto refused = pack({"--layer"});
  EXPECT_EQ(refused.state, exited(2));
  EXPECT_TRUE(has(refused.err, ".shellstrapignore, line 2: ")) << refused.err;
}

TEST_F(PackTest, AnIgnoreFileThatIsALinkIsRefusedForItsPatternsWouldNotCount) {
  cli.folder.write("patterns", "*.md\n");
  ASSERT_EQ(::symlink("../patterns", (cli.folder / "hello/.shellstrapignore").c_str()), 0);
  const auto refused = pack();
  EXPECT_EQ(refused.state, exited(2)) << refused.out;
  EXPECT_TRUE(has(refused.err, ".shellstrapignore is no file")) << refused.err;
}

TEST_F(PackTest, ALinkIsRefusedByItsNameWhereverItLeads) {
  for (const auto* target : {"/etc/passwd", "hello.sh", "..", "nowhere"}) {
    ASSERT_EQ(::symlink(target, (cli.folder / "hello/link").c_str()), 0);
    expect_refused(pack(), "link:1: error: is a link, and links are not followed. Put a copy in its place");
    fs::remove(cli.folder / "hello/link");
  }
}

TEST_F(PackTest, AFolderThatMayNotBeReadIsRefusedAndNotLeftOutInSilence) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything: run as another user";
  write("closed/data", "");
  ASSERT_EQ(::chmod((cli.folder / "hello/closed").c_str(), 0), 0);
  expect_refused(pack(), "closed:1: error: is a folder that you may not read");
  ASSERT_EQ(::chmod((cli.folder / "hello/closed").c_str(), 0755), 0);
}

TEST_F(PackTest, ASocketOrPipeIsRefusedByItsName) {
  ASSERT_EQ(::mkfifo((cli.folder / "hello/pipe").c_str(), 0644), 0);
  expect_refused(pack(), "pipe:1: error: is neither a file nor a folder");
}

TEST_F(PackTest, WhatCheckFindsIsShownAndAnErrorEndsIt) {
  write("hello.sh", "#!/bin/sh\njq .\n", 0755);
  const auto warned = pack();
  EXPECT_EQ(warned.state, exited(0));
  EXPECT_TRUE(has(warned.err, "hello.sh:2: warning: jq may be missing")) << warned.err;
  fs::remove(zip());
  write("lib.sh", "a\r\n");
  expect_refused(pack(), "lib.sh:1: error: ends in CR LF");
  fs::remove(cli.folder / "hello/lib.sh");
  expect_refused(pack({"--bootstrap", "bootstrap", "--handler", "none.sh"}), "--handler:1: error: none.sh");
}

TEST_F(PackTest, ALayerThatIsNamedCountsAsThere) {
  write("hello.sh", "#!/bin/sh\njq .\n", 0755);
  cli.folder.write("layer/bin/jq", "#!/bin/sh\n", 0755);
  const auto result = pack({"--layer", "--with", "layer"});
  EXPECT_TRUE(has(result.err, ": 0 errors, 0 warnings in 1 entry;")) << result.err;
  EXPECT_EQ(pack({"--layer", "--with", "nowhere"}).state, exited(2));
}

TEST_F(PackTest, ABootstrapOfAnotherMachineIsRefused) {
  const bool is_arm = kOwnMachine == EM_AARCH64;
  expect_refused(pack({"--bootstrap", "bootstrap", "--arch", is_arm ? "x86_64" : "arm64"}),
                 "Name that machine's with --bootstrap");
  cli.folder.write("other", static_program(is_arm ? EM_X86_64 : EM_AARCH64), 0755);
  const auto packed = pack({"--bootstrap", "other", "--arch", is_arm ? "x86_64" : "arm64"});
  EXPECT_EQ(packed.state, exited(0)) << packed.err;
}

TEST_F(PackTest, ABootstrapThatNeedsLibrariesOfThisMachineIsToldAndAStaticOneIsNot) {
  const auto told = pack({"--bootstrap", "/usr/bin/true"});
  EXPECT_TRUE(has(told.err, "bootstrap:1: warning: may not start: it is linked dynamically")) << told.err;
  EXPECT_FALSE(has(pack().err, "dynamically"));
}

TEST_F(PackTest, WhatIsNoProgramIsNoBootstrap) {
  cli.folder.write("bootstrap", "#!/bin/sh\n", 0755);
  expect_refused(pack(), "bootstrap:1: error: is no program");
}

TEST_F(PackTest, TheBootstrapBesideShellstrapIsTaken) {
  fs::copy_file(support::cli_program(), cli.folder / "shellstrap");
  const auto packed =
      support::run_tool({cli.folder / "shellstrap", "pack", cli.folder / "hello", "--output", zip()});
  EXPECT_EQ(packed.state, exited(0)) << packed.err;
  EXPECT_EQ(listing(zip()), "bootstrap 755|hello.sh 755|");
}

TEST_F(PackTest, ABootstrapOfTheFoldersOwnIsRefusedUnlessItIsTheSame) {
  write("bootstrap", "#!/bin/sh\nwhile :; do :; done\n", 0755);
  expect_refused(pack(), "bootstrap:1: error: is a bootstrap of the folder's own");
  write("bootstrap", static_program(kOwnMachine), 0755);
  EXPECT_EQ(pack().state, exited(0));
  EXPECT_EQ(listing(zip()), "bootstrap 755|hello.sh 755|");
}

TEST_F(PackTest, AnOlderZipStaysUntilANewOneIsWhole) {
  cli.folder.write("function.zip", "old", 0600);
  write("lib.sh", "a\r\n");
  EXPECT_EQ(pack().state, exited(1));
  EXPECT_EQ(bytes_of(zip()), "old");
  fs::remove(cli.folder / "hello/lib.sh");
  EXPECT_EQ(pack().state, exited(0));
  EXPECT_TRUE(bytes_of(zip()).starts_with("PK"));
  for (const auto& left : fs::directory_iterator(cli.folder.path()))
    EXPECT_FALSE(left.path().filename().string().starts_with("function.zip.")) << left.path();
}

TEST_F(PackTest, WhatCannotBeWrittenOrReadIsStatusTwo) {
  EXPECT_EQ(pack({"--layer", "--output", "hello"}).state, exited(2));
  EXPECT_EQ(pack({"--layer", "--output", "nowhere/f.zip"}).state, exited(2));
  EXPECT_EQ(pack({"--layer", "--bootstrap", "bootstrap"}).state, exited(2));
  EXPECT_EQ(pack({"--bootstrap", "nowhere"}).state, exited(2));
  EXPECT_EQ(cli.run({"pack", "nowhere"}).state, exited(2));
  EXPECT_EQ(cli.run({"pack", "hello/hello.sh"}).state, exited(2));
}

}  // namespace
