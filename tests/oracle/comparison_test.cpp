// SPDX-License-Identifier: Apache-2.0
// The comparison itself: what it sees, what it excuses, and what it takes for chance.
#include "comparison.h"

#include "generator.h"
#include "support/temp_dir.h"

#include <string>

#include <gtest/gtest.h>

namespace {

using oracle::Comparison;

// In a call bash's own numbers for descriptors begin elsewhere: a difference that nothing excuses.
constexpr const char* kDiffers = "exec {fd}</dev/null\necho $fd\n";

Comparison comparison_of(const std::string& body, const std::string& before = "") {
  const support::TempDir folder;
  return oracle::compare({"case", before + "handler() {\n" + body + "}\n", "{}"}, folder.path());
}

TEST(ComparisonTest, DifferenceIsSeen) {
  EXPECT_FALSE(comparison_of(kDiffers).same);
}

TEST(ComparisonTest, SameIsSameWithoutAnExcuse) {
  const auto comparison = comparison_of("echo out\necho err >&2\nreturn 3\n", "echo log\n");
  EXPECT_TRUE(comparison.same);
  EXPECT_TRUE(comparison.excused_by.empty());
  EXPECT_EQ(comparison.plain, (oracle::Outcome{3, "out\n", "err\n", "log\n", ""}));
}

struct Excused {
  const char* name;
  const char* body;
  const char* before = "";
};
constexpr Excused kExcused[] = {
    {"$$ and BASHPID", "[[ $$ == $BASHPID ]] && echo same\n"},
    {"BASH_SUBSHELL", "echo $BASH_SUBSHELL\n"},
    {"SECONDS", "echo $SECONDS\n", "SECONDS=500\n"},
    {"EXIT trap of the file", "echo body\n", "trap 'echo file' EXIT\n"},
    {"output after the function's end", "(sleep 0.3; echo late) &\n"},
    {"status of an expansion error", "set -u\necho $not_set\n"},
    {"signal of a subshell to itself", "set -o pipefail\nkill -TERM $BASHPID | cat\n"},
    {"names of the invocation", "export -p\n"},
};

TEST(ComparisonTest, EachExcuseIsForWhatItSays) {
  for (const auto& [name, body, before] : kExcused) {
    const auto comparison = comparison_of(body, before);
    EXPECT_TRUE(comparison.same) << name;
    ASSERT_EQ(comparison.excused_by.size(), 1U) << name;
    EXPECT_STREQ(comparison.excused_by.front()->name, name);
  }
}

TEST(ComparisonTest, AnExcuseCoversNothingBesideItself) {
  for (const auto& [name, body, before] : kExcused)
    EXPECT_FALSE(comparison_of(std::string(kDiffers) + body, before).same) << name;
}

TEST(ComparisonTest, WhoOverflowsItsStackMayDoSoAfterAsManyCallsAsItHasRoomFor) {
  const support::TempDir folder;
  const auto comparison = oracle::compare(
      {"case", "again() { echo again; again; }\nhandler() { ulimit -s 500; again; }\n", "{}"}, folder.path());
  EXPECT_TRUE(comparison.same);
  EXPECT_NE(comparison.plain.out, "");
}

TEST(ComparisonTest, StatusOfTheFilesLastCommandIsExcusedUnderErrexitToo) {
  const support::TempDir folder;
  const auto comparison =
      oracle::compare({"case", "set -e\nhandler() { echo out; }\n[ -n \"\" ] && x=1\n", "{}"}, folder.path());
  EXPECT_TRUE(comparison.same);
  ASSERT_EQ(comparison.excused_by.size(), 1U);
  EXPECT_STREQ(comparison.excused_by.front()->name, "status of source's last command");
}

TEST(GeneratorTest, NumberAndSeedDecideTheCase) {
  const oracle::Generator one(1);
  const oracle::Generator other(1);
  for (std::uint64_t number = 0; number < 50; ++number) {
    EXPECT_EQ(one.make(number).file, other.make(number).file);
    EXPECT_NE(one.make(number).file, oracle::Generator(2).make(number).file);
    EXPECT_FALSE(oracle::is_a_race(one.make(number).file));
  }
}

TEST(GeneratorTest, TwoWhoPrintAtTheSameTimeAreARace) {
  EXPECT_TRUE(oracle::is_a_race("set -x\ntrue | cat\n"));
  EXPECT_TRUE(oracle::is_a_race("trap 'echo debug' DEBUG\n{\n  echo a\n} &\n"));
  EXPECT_TRUE(oracle::is_a_race("set -E\ntrap 'echo err' ERR\nfalse | true\n"));
  EXPECT_FALSE(oracle::is_a_race("set -E\ntrap 'echo err' ERR\nfalse | cat\n"));
  EXPECT_FALSE(oracle::is_a_race("set -x\nfalse || true\n"));
}

}  // namespace
