// SPDX-License-Identifier: Apache-2.0
#include "cli/new/new_kinds.h"
#include "cli_run.h"
#include "static_program.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The folders of a kind's cases, sorted.
std::set<fs::path> cases_of(const fs::path& folder) {
  std::set<fs::path> cases;
  for (const auto& entry : fs::directory_iterator(folder / "tests")) cases.insert(entry.path());
  return cases;
}

std::vector<std::string> kind_names() {
  std::vector<std::string> names;
  for (const auto& kind : cli::new_kinds()) names.emplace_back(kind.name);
  return names;
}

/// What a user does first, with each kind.
class NewKindTest : public testing::TestWithParam<std::string> {
 protected:
  NewKindTest() : kind_(*cli::find_new_kind(GetParam())), made_(cli.run({"new", GetParam(), "made"})) {}

  [[nodiscard]] fs::path folder() const { return cli.folder / "made"; }

  /// The arguments of invoke and check that are the kind's own.
  void add_own(std::vector<std::string>& words, bool for_check) const {
    if (!for_check && !kind_.env_file.empty())
      words.insert(words.end(), {"--env-file", (folder() / kind_.env_file).string()});
    if (kind_.handler.empty()) return;
    if (for_check) words.emplace_back("--handler");
    words.emplace_back(kind_.handler);
  }

  void expect_case(const fs::path& place) const {
    std::vector<std::string> words = {"--task-root", folder(), "--timeout", "60", "-e", place / "event.json"};
    add_own(words, false);
    const auto result = cli.invoke(words);
    EXPECT_EQ(result.out, text_of(place / "expected")) << place << result.err;
    const bool fails = text_of(place / "status") == "error\n";
    EXPECT_EQ(result.state, exited(fails ? 1 : 0)) << place << result.err;
  }

  Cli cli;
  const cli::NewKind& kind_;
  support::ToolResult made_;
};

TEST_P(NewKindTest, AnswersItsEventsIsCheckedAndPacked) {
  ASSERT_EQ(made_.state, exited(0)) << made_.err;
  const auto cases = cases_of(folder());
  EXPECT_EQ(cases.size(), 2U);
  for (const auto& place : cases) expect_case(place);

  std::vector<std::string> check = {"check", "made", "--strict"};
  add_own(check, true);
  const auto checked = cli.run(check);
  EXPECT_TRUE(checked.out.starts_with("made: 0 errors, 0 warnings in ")) << checked.out;
  EXPECT_FALSE(has(checked.out, "no handler was checked")) << checked.out;

  cli.folder.write("bootstrap", static_program(kOwnMachine), 0755);
  std::vector<std::string> pack = {"pack", "made", "--bootstrap", "bootstrap"};
  add_own(pack, true);
  const auto packed = cli.run(pack);
  EXPECT_EQ(packed.out, "function.zip\n") << packed.err;
}

TEST_P(NewKindTest, ThePackageHasNothingThatOnlyItsDeveloperNeeds) {
  ASSERT_EQ(cli.run({"pack", "made", "--layer"}).state, exited(0));
  const auto listed = support::run_tool({"unzip", "-Z1", cli.folder / "function.zip"}).out;
  EXPECT_TRUE(has(listed, "shellstrap.json\n")) << listed;
  for (const auto* part :
       {"tests/", "README.md", "template.yaml", "test.env", "Dockerfile", ".shellstrapignore"})
    EXPECT_FALSE(has(listed, part)) << listed;
}

TEST_P(NewKindTest, WhatItSaysToDoNextWorksWordForWord) {
  const auto start = made_.out.find("  cd made\n");
  ASSERT_NE(start, std::string::npos) << made_.out;
  const auto end = made_.out.find("README.md there");
  cli.folder.write("steps", made_.out.substr(start, end - start));
  // Without a warning of the bootstrap that builds for tests have, and with time for machines that have none.
  cli.folder.write("bin/shellstrap",
                   "#!/bin/sh\nverb=$1; shift\n[ \"$verb\" = pack ] && set -- --layer \"$@\" || set -- "
                   "--timeout 60 \"$@\"\nexec " +
                       support::cli_program() + " \"$verb\" \"$@\"\n",
                   0755);
  const auto result =
      support::run_tool({"/bin/sh", "-c", "cd \"$0\" && PATH=$0/bin:$PATH && . ./steps", cli.folder.path()},
                        {}, cli.environment());
  EXPECT_EQ(result.state, exited(0)) << result.err;
  const auto answer = text_of(*cases_of(folder()).begin() / "expected");
  EXPECT_TRUE(result.out.starts_with(answer)) << result.out << result.err;
  EXPECT_TRUE(has(result.out, "\nok 2 ")) << result.out << result.err;
  EXPECT_TRUE(result.out.ends_with("\nfunction.zip\n")) << result.out << result.err;
}

TEST_P(NewKindTest, HasATemplateAReadmeOfTenLinesAndRunBits) {
  EXPECT_TRUE(has(text_of(folder() / "template.yaml"), "AWS::Serverless::Function"));
  const auto readme = text_of(folder() / "README.md");
  EXPECT_EQ(std::ranges::count(readme, '\n'), 10) << readme;
  for (const auto& entry : fs::recursive_directory_iterator(folder())) {
    EXPECT_FALSE(entry.is_symlink()) << entry;
    struct stat status {};
    ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
    const bool runs = entry.is_directory() || text_of(entry.path()).starts_with("#!");
    EXPECT_EQ(status.st_mode & 07777U, runs ? 0755U : 0644U) << entry;
  }
}

INSTANTIATE_TEST_SUITE_P(All, NewKindTest, testing::ValuesIn(kind_names()),
                         [](const auto& tested) { return tested.param; });

TEST(NewTest, EveryFileIsThatOfTheTree) {
  std::set<std::string> kinds;
  for (const auto& file : cli::new_files()) {
    const auto path =
        support::source_dir() + "/handlers/new/" + std::string(file.kind) + "/" + std::string(file.path);
    EXPECT_EQ(file.text, text_of(path)) << path;
    kinds.emplace(file.kind);
  }
  EXPECT_EQ(kinds.size(), cli::new_kinds().size());
}

TEST(NewTest, AFolderThatIsNotEmptyIsRefusedAndLeftAlone) {
  const Cli cli;
  cli.folder.write("mine/hello.sh", "mine");
  const auto refused = cli.run({"new", "script", "mine"});
  EXPECT_EQ(refused.state, exited(2));
  EXPECT_TRUE(has(refused.err, "the folder \"mine\" is not empty")) << refused.err;
  EXPECT_EQ(text_of(cli.folder / "mine/hello.sh"), "mine");
  EXPECT_FALSE(fs::exists(cli.folder / "mine/README.md"));
  EXPECT_EQ(cli.run({"new", "script", "mine/hello.sh"}).state, exited(2));
}

TEST(NewTest, AnEmptyFolderIsFilledAndWithoutOneTheKindIsItsName) {
  const Cli cli;
  fs::create_directory(cli.folder / "empty");
  EXPECT_EQ(cli.run({"new", "script", "empty"}).state, exited(0));
  EXPECT_EQ(cli.run({"new", "script"}).state, exited(0));
  EXPECT_EQ(text_of(cli.folder / "script/hello.sh"), text_of(cli.folder / "empty/hello.sh"));
}

TEST(NewTest, AnUnknownKindIsAnsweredWithTheNearestOneAndAll) {
  const Cli cli;
  const auto near = cli.run({"new", "wehook"});
  EXPECT_EQ(near.state, exited(2));
  EXPECT_TRUE(has(near.err, "there is no kind \"wehook\". Did you mean webhook? There are: script function"))
      << near.err;
  const auto far = cli.run({"new", "spreadsheet"});
  EXPECT_FALSE(has(far.err, "did you mean")) << far.err;
  EXPECT_TRUE(has(far.err, "There are: script function")) << far.err;
  EXPECT_EQ(cli.run({"new"}).state, exited(2));
}

}  // namespace
