// SPDX-License-Identifier: Apache-2.0
// shellstrap test --update
#include "test_case.h"

#include <sys/stat.h>

#include <string>

#include <gtest/gtest.h>

namespace {

TEST(TestVerbTest, UpdateWritesWhatChangedAndNothingElse) {
  const Cases cases("if grep -q fail; then exit 4; else cat /etc/hostname >/dev/null; echo new; fi");
  cases.with("new", {{"event", "1"}});
  cases.with("changed", {{"event", "1"}, {"expected", "old\n"}});
  cases.with("same", {{"event", "1"}, {"expected", "new\n"}});
  cases.with("error", {{"event", "\"fail\""}, {"status", "error"}});
  cases.with("failing", {{"event", "\"fail\""}, {"expected", "old\n"}});
  const auto result = cases.test({"--update"});
  EXPECT_EQ(result.state, exited(1));
  for (const auto* name : {"changed", "error", "new"})
    EXPECT_TRUE(has(result.out, std::string(" - ") + name + "\n#   expected has changed\n")) << result.out;
  EXPECT_TRUE(has(result.out, "- same\n# 4 passed, 1 failed")) << result.out;
  EXPECT_EQ(cases.file("new", "expected") + cases.file("changed", "expected"), "new\nnew\n");
  EXPECT_EQ(cases.file("failing", "expected"), "old\n");
  EXPECT_EQ(cases.file("error", "expected"),
            "{\n  \"errorMessage\": \"x.sh exited with status 4 after * ms\",\n"
            "  \"errorType\": \"Function.Exit4\"\n}\n");
  EXPECT_TRUE(has(cases.test().out, "# 4 passed, 1 failed"));
}

TEST(TestVerbTest, UpdateWritesNothingThatTheSecondCallAnswersOtherwise) {
  const Cases cases("echo $AWS_LAMBDA_REQUEST_ID");
  cases.with("a", {{"expected", "old\n"}});
  const auto result = cases.test({"--update"});
  EXPECT_EQ(result.state, exited(1));
  EXPECT_EQ(cases.file("a", "expected"), "old\n");
}

TEST(TestVerbTest, UpdateLeavesAFileToItsOwner) {
  const Cases cases("echo new");
  cases.folder.write("function/tests/a/expected", "old", 0600);
  EXPECT_EQ(cases.test({"--update"}).state, exited(0));
  struct stat status {};
  ::stat((cases.folder / "function/tests/a/expected").c_str(), &status);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST(TestVerbTest, UpdateKeepsMasksInWhatItWrites) {
  const Cases cases("echo \"{\\\"id\\\": \\\"$AWS_LAMBDA_REQUEST_ID\\\", \\\"n\\\": 1}\"");
  cases.with("a", {{"mask", "/id\n"}});
  EXPECT_EQ(cases.test({"--update"}).state, exited(0));
  EXPECT_EQ(cases.file("a", "expected"), "{\n  \"id\": \"*\",\n  \"n\": 1\n}\n");
  EXPECT_FALSE(has(cases.test({"--update"}).out, "has changed"));
}

}  // namespace
