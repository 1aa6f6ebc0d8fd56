// SPDX-License-Identifier: Apache-2.0
#include "runtime/log_stream.h"

#include "base/memory_file.h"

#include <unistd.h>

#include <array>

#include <gtest/gtest.h>

namespace {

class LogStreamTest : public testing::Test {
 protected:
  // The logger writes to the file behind MemoryFile's back, so the size comes from the descriptor.
  std::string log_text() {
    std::string text(static_cast<std::size_t>(::lseek(file_.fd(), 0, SEEK_END)), '\0');
    EXPECT_EQ(::pread(file_.fd(), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
    return text;
  }

  base::MemoryFile file_ = *base::MemoryFile::create("log");
  base::Logger logger_{file_.fd()};
  runtime::LogStream stream_{logger_};
};

}  // namespace

TEST_F(LogStreamTest, LinesArePassedOnWholeAndAtOnce) {
  stream_.take("one\ntw");
  EXPECT_EQ(log_text(), "one\n");
  stream_.take("o\nthree");
  EXPECT_EQ(log_text(), "one\ntwo\n");
  stream_.finish();
  EXPECT_EQ(log_text(), "one\ntwo\nthree\n");
}

TEST_F(LogStreamTest, BytesAreUntouched) {
  const std::string binary("\x00\xFF\r\x1b[0m\n", 8);
  stream_.take(binary);
  EXPECT_EQ(log_text(), binary);
}

TEST_F(LogStreamTest, AFloodWithoutLineEndsIsPassedOnInBoundedPieces) {
  for (int i = 0; i < 10; ++i) stream_.take(std::string(20'000, 'x'));
  stream_.finish();
  const auto text = log_text();
  EXPECT_EQ(std::count(text.begin(), text.end(), 'x'), 200'000);
  std::size_t longest = 0;
  for (std::size_t at = 0, end; (end = text.find('\n', at)) != std::string::npos; at = end + 1)
    longest = std::max(longest, end - at);
  EXPECT_LE(longest, 64U * 1024);
}

TEST_F(LogStreamTest, AnEmptyStreamWritesNothing) {
  stream_.finish();
  EXPECT_EQ(log_text(), "");
}

TEST(LineTailTest, HoldsTheLastTwentyLines) {
  runtime::LineTail tail;
  for (int i = 1; i <= 50; ++i) tail.add("line " + std::to_string(i) + "\n");
  const auto lines = tail.lines();
  ASSERT_EQ(lines.size(), 20U);
  EXPECT_EQ(lines.front(), "line 31");
  EXPECT_EQ(lines.back(), "line 50");
}

TEST(LineTailTest, HoldsAtMostEightKibibytesOfALongLine) {
  runtime::LineTail tail;
  tail.add(std::string(100'000, 'a') + "END");
  const auto lines = tail.lines();
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].size(), runtime::LineTail::kBytes);
  EXPECT_TRUE(lines[0].ends_with("END"));
}

TEST(LineTailTest, ALineWithoutAnEndIsALine) {
  runtime::LineTail tail;
  tail.add("one\ntw");
  tail.add("o");
  EXPECT_EQ(tail.lines(), (std::vector<std::string>{"one", "two"}));
}

TEST(LineTailTest, NothingWrittenIsNoLine) {
  EXPECT_TRUE(runtime::LineTail().lines().empty());
}
