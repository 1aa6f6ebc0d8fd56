// SPDX-License-Identifier: Apache-2.0
// What `shellstrap test` refuses: files that are no case, and command lines with nothing to run.
#include "test_case.h"

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

// ---- Files that are no case.

struct BadCase {
  std::string name;
  std::map<std::string, std::string> files;
  std::string said;
};
class BadCaseTest : public testing::TestWithParam<BadCase> {};

TEST_P(BadCaseTest, FailsWithASentenceAndTheOthersRun) {
  const Cases cases("cat");
  cases.with("bad", GetParam().files).with("good", {{"expected", "{}"}});
  const auto result = cases.test();
  EXPECT_EQ(result.state, exited(1));
  EXPECT_TRUE(has(result.out, "not ok 1 - bad\n#   " + GetParam().said)) << result.out;
  EXPECT_TRUE(has(result.out, "ok 2 - good\n")) << result.out;
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadCaseTest,
    testing::Values(
        BadCase{
            "TwoEvents", {{"event", "1"}, {"event.json", "1"}, {"expected", "1"}}, "there are both event"},
        BadCase{
            "Misspelt", {{"expect", "{}"}, {"expected", "{}"}}, "\"expect\" is no file of a case; there are"},
        BadCase{"Status", {{"status", "fine"}, {"expected", "{}"}}, "status: it is ok or error"},
        BadCase{"Mask", {{"mask", "id"}, {"expected", "{}"}}, "mask: \"id\" is no JSON pointer"},
        BadCase{"Folder", {{"expected/x", "{}"}}, "expected: cannot read: Is a directory"},
        BadCase{"Files", {{"files/out.txt", "x"}, {"expected", "{}"}}, "files: a call's private folder"},
        BadCase{"NothingExpected", {{"event", "1"}}, "there is no file expected; --update writes it"},
        BadCase{"LargeEvent", {{"event", std::string(6 * 1024 * 1024 + 1, '1')}}, "the event is larger"}),
    [](const auto& tested) { return tested.param.name; });

struct NothingToRun {
  std::string name;
  std::vector<std::string> arguments;
  std::string said;
};
class NothingToRunTest : public testing::TestWithParam<NothingToRun> {};

TEST_P(NothingToRunTest, IsRefusedWithTwoAndASentence) {
  const Cases cases("cat");
  cases.with("a", {{"expected", "{}"}});
  cases.folder.write("empty/tests/notes", "");
  cases.folder.write("bare/x.sh", "");
  const auto result = cases.run(GetParam().arguments);
  EXPECT_EQ(result.state, exited(2));
  EXPECT_EQ(result.out, "");
  EXPECT_TRUE(has(result.err, GetParam().said)) << result.err;
}

INSTANTIATE_TEST_SUITE_P(
    Table, NothingToRunTest,
    testing::Values(
        NothingToRun{"NoCase", {"test", "empty", "--handler", "cat"}, "one is a folder with the files event"},
        NothingToRun{"NoTests", {"test", "bare", "--", "cat"}, "there are no cases: \""},
        NothingToRun{"NoMatch", {"test", "function", "--filter", "z*", "--", "cat"}, "is called z*"},
        NothingToRun{"NoFolder", {"test", "nowhere", "--", "cat"}, "\"nowhere\": No such file"},
        NothingToRun{"NoHandler", {"test", "function"}, "--handler is missing: name an executable"},
        NothingToRun{"WrongHandler", {"test", "function", "--handler", "y.sh"}, "y.sh"},
        NothingToRun{"Junit", {"test", "function", "--junit", "no/r.xml", "--", "cat"}, "no/r.xml"},
        NothingToRun{"Words", {"test", "function", "x.sh"}, "unexpected argument: x.sh"}),
    [](const auto& tested) { return tested.param.name; });

}  // namespace
