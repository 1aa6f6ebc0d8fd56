// SPDX-License-Identifier: Apache-2.0
#include "cli/pack/pack_ignore.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace {

bool leaves_out(std::string_view patterns, std::string_view path) {
  const auto ignore = cli::PackIgnore::parse(patterns);
  EXPECT_TRUE(ignore.ok()) << patterns;
  return ignore && ignore->leaves_out(path);
}

struct IgnoreCase {
  const char* name;
  const char* patterns;
  std::vector<std::string> out;
  std::vector<std::string> in;
};

class PackIgnoreTest : public testing::TestWithParam<IgnoreCase> {};

TEST_P(PackIgnoreTest, LeavesOutWhatGitWouldIgnore) {
  const auto& tested = GetParam();
  for (const auto& path : tested.out) EXPECT_TRUE(leaves_out(tested.patterns, path)) << path;
  for (const auto& path : tested.in) EXPECT_FALSE(leaves_out(tested.patterns, path)) << path;
}

INSTANTIATE_TEST_SUITE_P(
    Patterns, PackIgnoreTest,
    testing::Values(IgnoreCase{"Name", "build", {"build", "build/x", "a/build/x"}, {"builds", "a/rebuild"}},
                    IgnoreCase{"NothingInCommentsAndBlanks", "# build\n\n \t\r\n", {}, {"build", "# build"}},
                    IgnoreCase{"Star", "*.o\n", {".o", "a.o", "x/a.o"}, {"a.os", "o"}},
                    IgnoreCase{"StarStopsAtASlash", "a/*.o", {"a/x.o"}, {"a/b/x.o", "c/a/x.o"}},
                    IgnoreCase{"QuestionMark", "a?c", {"abc", "x/a.c"}, {"ac", "a/c", "abbc"}},
                    IgnoreCase{"FolderOnly", "out/", {"out/x", "a/out/b/x"}, {"out", "a/out"}},
                    IgnoreCase{"TiedByAFirstSlash", "/out", {"out", "out/x"}, {"a/out"}},
                    IgnoreCase{"TiedByASlashInside", "a/out", {"a/out", "a/out/x"}, {"b/a/out"}},
                    IgnoreCase{"TwoStarsInFront", "**/out/x", {"out/x", "a/b/out/x"}, {"out/y", "about/x"}},
                    IgnoreCase{"TwoStarsBehind", "a/**", {"a/x", "a/b/x"}, {"a", "b/a/x"}},
                    IgnoreCase{"TwoStarsInside", "a/**/x", {"a/x", "a/b/c/x"}, {"a/bx", "x"}},
                    IgnoreCase{"TakenBack", "*.md\n!README.md", {"a.md"}, {"README.md", "x/README.md"}},
                    IgnoreCase{"TheLastLineCounts", "!a\na", {"a"}, {}},
                    IgnoreCase{"NotTakenBackFromAFolderThatIsOut", "a/\n!a/x", {"a/x"}, {}},
                    IgnoreCase{"LineEndsOfWindows", "a\r\nb\r\n", {"a", "b"}, {"c"}},
                    IgnoreCase{"ManyStars",
                               "*a*a*a*a*a*a*a*a*a*a*a*a*b",
                               {},
                               {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}}),
    [](const auto& tested) { return tested.param.name; });

TEST(PackIgnoreFaultTest, WhatIsNotUnderstoodIsRefusedByItsLine) {
  for (const auto* patterns : {"a\n[ab]\n", "a\nx\\ y\n"}) {
    const auto ignore = cli::PackIgnore::parse(patterns);
    ASSERT_FALSE(ignore.ok());
    EXPECT_TRUE(ignore.error().message.starts_with("line 2: ")) << ignore.error().message;
  }
}

}  // namespace
