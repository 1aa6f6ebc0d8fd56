// SPDX-License-Identifier: Apache-2.0
#include "handler/shell/shell_words.h"

#include <gtest/gtest.h>

namespace {

using Words = std::vector<std::string>;

struct Case {
  std::string text;
  Words words;
};

class SplitTest : public testing::TestWithParam<Case> {};
class RefusedCommandTest : public testing::TestWithParam<std::string> {};

}  // namespace

TEST_P(SplitTest, GivesTheWordsThatAShellWould) {
  const auto words = handler::split_shell_words(GetParam().text);
  ASSERT_TRUE(words.ok()) << words.error().message;
  EXPECT_EQ(*words, GetParam().words);
}

INSTANTIATE_TEST_SUITE_P(
    Table, SplitTest,
    testing::Values(Case{"", {}}, Case{"  \t\n ", {}}, Case{"jq -r .name", {"jq", "-r", ".name"}},
                    Case{"a  b\tc\nd", {"a", "b", "c", "d"}}, Case{"'a b' c", {"a b", "c"}},
                    Case{"a'b c'd", {"ab cd"}}, Case{"''", {""}}, Case{"a \"\" b", {"a", "", "b"}},
                    Case{"\"a \\\" b\"", {"a \" b"}}, Case{"\"\\$x \\` \\\\\"", {"$x ` \\"}},
                    Case{"\"\\n\"", {"\\n"}}, Case{"'\\n'", {"\\n"}}, Case{"a\\ b", {"a b"}},
                    Case{"$HOME `id` $(id) *.c ~ ; | & > x",
                         {"$HOME", "`id`", "$(id)", "*.c", "~", ";", "|", "&", ">", "x"}},
                    Case{"café ✓", {"café", "✓"}}));

TEST(ParseCommandTest, AJsonArrayIsTakenWordByWord) {
  EXPECT_EQ(*handler::parse_command(R"( ["jq", "-n", "{a: \"b c\"}", ""] )"),
            (Words{"jq", "-n", "{a: \"b c\"}", ""}));
}

TEST_P(RefusedCommandTest, HasASentence) {
  const auto words = handler::parse_command(GetParam());
  ASSERT_FALSE(words.ok());
  EXPECT_FALSE(words.error().message.empty());
}

INSTANTIATE_TEST_SUITE_P(Table, RefusedCommandTest,
                         testing::Values("", "   ", "[]", "[\"\"]", "[1]", "[\"a\"", "[\"a\", null]", "'open",
                                         "\"open", "back\\", "''", R"(["a", "b\u0000c"])"));
