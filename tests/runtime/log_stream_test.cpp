// SPDX-License-Identifier: Apache-2.0
#include "runtime/log/log_stream.h"

#include "base/io/memory_file.h"

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
