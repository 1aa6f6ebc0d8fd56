// SPDX-License-Identifier: Apache-2.0
#include "runtime/log/line_tail.h"

#include <gtest/gtest.h>

using runtime::LineTail;
using Lines = std::vector<std::string>;

TEST(LineTailTest, HoldsTheLastTwentyLines) {
  LineTail tail;
  for (int i = 1; i <= 50; ++i) tail.add("line " + std::to_string(i) + "\n");
  const auto lines = tail.lines();
  ASSERT_EQ(lines.size(), 20U);
  EXPECT_EQ(lines.front(), "line 31");
  EXPECT_EQ(lines.back(), "line 50");
}

TEST(LineTailTest, HoldsAtMostEightKibibytesOfALongLine) {
  LineTail tail;
  tail.add(std::string(100'000, 'a') + "END");
  const auto lines = tail.lines();
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].size(), LineTail::kBytes);
  EXPECT_TRUE(lines[0].ends_with("END"));
}

TEST(LineTailTest, ALineWithoutAnEndIsALine) {
  LineTail tail;
  tail.add("one\ntw");
  tail.add("o");
  EXPECT_EQ(tail.lines(), (Lines{"one", "two"}));
}

TEST(LineTailTest, NothingWrittenIsNoLine) {
  EXPECT_TRUE(LineTail().lines().empty());
}

// Whatever the excerpt begins with, and however the bytes come.
TEST(LineTailTest, NoCharacterIsTornWhereTheExcerptBegins) {
  for (const std::size_t shift : {0U, 1U, 2U, 3U})
    for (const std::size_t piece : {1U, 7U, 4096U, 100'000U}) {
      std::string text(shift, 'a');
      while (text.size() < 3 * LineTail::kBytes) text += "\u2713";
      LineTail tail;
      for (std::size_t at = 0; at < text.size(); at += piece)
        tail.add(std::string_view(text).substr(at, piece));
      for (const auto& lines : {tail.lines(), tail.lines_of_text()}) {
        ASSERT_EQ(lines.size(), 1U);
        EXPECT_EQ(lines[0].size(), LineTail::kBytes / 3 * 3) << shift << " " << piece;
        EXPECT_TRUE(lines[0].starts_with("\u2713")) << shift << " " << piece;
      }
    }
}

TEST(LineTailTest, BlankLinesAreLines) {
  LineTail tail;
  tail.add("\n\na\n\n");
  EXPECT_EQ(tail.lines(), (Lines{"", "", "a", ""}));
}

TEST(LineTailTest, TextIsUtf8InTheLinesThatAreShown) {
  struct Row {
    std::string bytes;
    Lines lines;
  };
  std::string later = "\xFF\n";
  for (int i = 0; i < 20; ++i) later += "x\n";
  for (const auto& [bytes, lines] : {
           Row{"caf\u00e9\n", {"caf\u00e9"}},
           Row{std::string("a\0b", 3), {std::string("a\0b", 3)}},
           Row{"a \xFF\n", {}},
           Row{"a \x80", {}},
           Row{"a \xC3\nb\n", {}},
           Row{"torn \xC3", {"torn "}},
           Row{"torn \xE2\x9C", {"torn "}},
           Row{"\xE2\x9C", {}},
           Row{"\xF8\x80\x80", {}},
           Row{later, Lines(20, "x")},
       }) {
    LineTail tail;
    tail.add(bytes);
    EXPECT_EQ(tail.lines_of_text(), lines) << bytes;
  }
}
