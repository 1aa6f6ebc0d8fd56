// SPDX-License-Identifier: Apache-2.0
#include "base/text/text.h"

#include <string>

#include <gtest/gtest.h>

namespace {

const std::string kReplacement = "\xEF\xBF\xBD";

struct Utf8Case {
  std::string bytes;
  std::string repaired;
};

class RepairTest : public testing::TestWithParam<Utf8Case> {};

}  // namespace

TEST_P(RepairTest, ReplacesExactlyWhatIsBroken) {
  EXPECT_EQ(base::repair_utf8(GetParam().bytes), GetParam().repaired);
}

INSTANTIATE_TEST_SUITE_P(
    Table, RepairTest,
    testing::Values(Utf8Case{"", ""}, Utf8Case{"plain", "plain"}, Utf8Case{"café ✓ 😀", "café ✓ 😀"},
                    Utf8Case{std::string("a\0b", 3), std::string("a\0b", 3)},
                    Utf8Case{"a\xFF"
                             "b",
                             "a" + kReplacement + "b"},
                    Utf8Case{"\x80", kReplacement},                     // continuation without a lead
                    Utf8Case{"caf\xC3", "caf" + kReplacement},          // torn at the end
                    Utf8Case{"\xE2\x9C", kReplacement},                 // two of three bytes
                    Utf8Case{"\xE2\x9Cx", kReplacement + "x"},          // the next character survives
                    Utf8Case{"\xC0\xAF", kReplacement + kReplacement},  // overlong "/"
                    Utf8Case{"\xED\xA0\x80", kReplacement + kReplacement + kReplacement},  // a surrogate
                    Utf8Case{"\xF4\x90\x80\x80", kReplacement + kReplacement + kReplacement + kReplacement},
                    Utf8Case{"\xF0\x9F\x98", kReplacement}));

TEST(TextTest, APlaceCountsFromOneInLinesAndBytes) {
  EXPECT_EQ(base::place_in("", 0), "line 1, column 1 (byte 1)");
  EXPECT_EQ(base::place_in("ab\ncd\n", 1), "line 1, column 2 (byte 2)");
  EXPECT_EQ(base::place_in("ab\ncd\n", 2), "line 1, column 3 (byte 3)");
  EXPECT_EQ(base::place_in("ab\ncd\n", 3), "line 2, column 1 (byte 4)");
  EXPECT_EQ(base::place_in("ab\ncd\n", 6), "line 3, column 1 (byte 7)");
  EXPECT_EQ(base::place_in("ab", 9), "line 1, column 3 (byte 3)");
}

TEST(TextTest, ATailNeverTearsACharacter) {
  EXPECT_EQ(base::utf8_tail("ab✓", 3), "✓");
  EXPECT_EQ(base::utf8_tail("ab✓", 2), "");
  EXPECT_EQ(base::utf8_tail("ab✓", 99), "ab✓");
}

TEST(TextTest, CaseChangesOnlyAsciiLetters) {
  EXPECT_EQ(base::ascii_upper("aZ-é9"), "AZ-é9");
  EXPECT_EQ(base::ascii_lower("aZ-É9"), "az-É9");
  EXPECT_TRUE(base::equal_ignoring_case("JSON", "json"));
  EXPECT_FALSE(base::equal_ignoring_case("JSON", "jso"));
}

TEST(TextTest, TrimTakesBlanksAndLineEndsFromBothEnds) {
  EXPECT_EQ(base::trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(base::trim(" \r\n"), "");
}

TEST(TextTest, SplitKeepsEmptyParts) {
  const auto parts = base::split("a::b:", ':');
  EXPECT_EQ(parts, (std::vector<std::string_view>{"a", "", "b", ""}));
}
