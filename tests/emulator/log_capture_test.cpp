// SPDX-License-Identifier: Apache-2.0
#include "emulator/environment/log_capture.h"

#include "base/io/memory_file.h"
#include "support/temp_dir.h"

#include <fcntl.h>

#include <fstream>
#include <iterator>
#include <memory>

#include <gtest/gtest.h>

namespace {

using emulator::LogCapture;

class LogCaptureTest : public testing::Test {
 protected:
  void write(std::string_view text) {
    [[maybe_unused]] const auto done = base::write_all(capture_->fd(), text);
  }
  std::string passed_on() const {
    std::ifstream stream(folder_ / "log");
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  support::TempDir folder_;
  base::UniqueFd file_{::open((folder_ / "log").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0644)};
  base::Logger logger_{file_.get()};
  std::unique_ptr<LogCapture> capture_ = std::make_unique<LogCapture>(*base::make_pipe(), logger_);
};

TEST_F(LogCaptureTest, OfManyCallsTheTailHasTheLinesOfOne) {
  write("of a\nof b\nalso of a\n");
  EXPECT_EQ(capture_->tail_with("of a"), "of a\nalso of a\n");
  EXPECT_EQ(capture_->tail_with("of c"), "");
}

// What came before its end goes on, a long line or not: a line in between shall find lines to stand between.
TEST_F(LogCaptureTest, LineThatFollowsALongOneIsNotTorn) {
  const std::string long_line = std::string(65'600, 'x') + "\n";
  write(long_line.substr(0, 100));
  capture_->tail();  // so that the end of the line and the next one come in one piece of 16 KiB
  write(long_line.substr(100) + std::string(10 * 1024, 'y'));
  capture_->tail();
  EXPECT_EQ(passed_on(), long_line);
  write("\n");
  capture_->tail();
  EXPECT_EQ(passed_on(), long_line + std::string(10 * 1024, 'y') + "\n");
}

TEST_F(LogCaptureTest, TailHasEverythingThatWasWrittenBefore) {
  for (int i = 0; i < 200; ++i) {
    capture_->begin();
    write("line " + std::to_string(i) + "\n");
    ASSERT_EQ(capture_->tail(), "line " + std::to_string(i) + "\n");
  }
}

TEST_F(LogCaptureTest, TailIsTheEnd) {
  const std::string much(10'000, 'x');
  write(much + "\nlast\n");
  const auto tail = capture_->tail();
  EXPECT_EQ(tail.size(), LogCapture::kTail);
  EXPECT_TRUE(tail.ends_with("x\nlast\n"));
}

TEST_F(LogCaptureTest, OnlyWholeLinesArePassedOnUntilTheEnd) {
  write("whole\nhal");
  EXPECT_EQ(capture_->tail(), "whole\nhal");
  EXPECT_EQ(passed_on(), "whole\n");
  write("f");
  capture_.reset();
  EXPECT_EQ(passed_on(), "whole\nhalf\n");
}

TEST_F(LogCaptureTest, WriterIsNeverHeldUp) {
  const std::string megabyte(1024 * 1024, 'x');  // far more than a pipe holds
  for (int i = 0; i < 8; ++i) write(megabyte + "\n");
  capture_.reset();
  EXPECT_GE(passed_on().size(), 8 * (megabyte.size() + 1));
}

}  // namespace
