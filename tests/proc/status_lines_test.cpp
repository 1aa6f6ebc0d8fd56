// SPDX-License-Identifier: Apache-2.0
#include "proc/fork_server/status_lines.h"

#include "base/io/unique_fd.h"

#include <unistd.h>

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace {

using proc::parse_status_line;
using proc::StatusLine;

TEST(StatusLinesTest, WordAndTwoNumbersAreALine) {
  EXPECT_EQ(parse_status_line("pid 3 4711"), (StatusLine{"pid", 3, 4711}));
  EXPECT_EQ(parse_status_line("wait 1 137"), (StatusLine{"wait", 1, 137}));
}

TEST(StatusLinesTest, OneWithThreeNumbersNamesACall) {
  EXPECT_EQ(parse_status_line("end 3 9 0"), (StatusLine{"end", 3, 0, 9}));
}

TEST(StatusLinesTest, WhatAShellSaysByAFailingExpansionStandsBehindItsOwnWords) {
  EXPECT_EQ(parse_status_line("bash: line 9: _shellstrap_says[_shellstrap_ran--]: bad 3 1"),
            (StatusLine{"bad", 3, 1}));
  EXPECT_EQ(parse_status_line("bash: Zeile 9: x_says: bad 3 1"), (StatusLine{"bad", 3, 1}));
  EXPECT_EQ(parse_status_line("bash: line 9: bad 3 1"), std::nullopt);
}

TEST(StatusLinesTest, NonsenseIsNone) {
  for (const char* text :
       {"", "pid", "pid 3", "pid 3 x", "pid x 3", "pid 3 4 5 6", "pid -1 3", "pid 3 4 ", " 3 4", "end 3 x 4",
        "end 3  4", "pid 3 99999999999999999999", "bash: line 3: fork: retry"})
    EXPECT_EQ(parse_status_line(text), std::nullopt) << text;
}

TEST(StatusLinesTest, LinesComeWholeHoweverTheyAreWritten) {
  auto pipe = base::make_pipe();
  ASSERT_TRUE(pipe);
  ASSERT_TRUE(base::set_nonblocking(pipe->read_end.get()));
  const auto write = [&](std::string_view text) {
    ASSERT_EQ(::write(pipe->write_end.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  };
  proc::StatusLines lines;
  write("end 1");
  EXPECT_EQ(lines.next(pipe->read_end.get()), std::nullopt);
  write(" 0\n\nwait 1 0\npid");
  EXPECT_EQ(lines.next(pipe->read_end.get()), "end 1 0");
  EXPECT_EQ(lines.next(pipe->read_end.get()), "wait 1 0");
  EXPECT_EQ(lines.next(pipe->read_end.get()), std::nullopt);
}

TEST(StatusLinesTest, EndlessLineIsGivenUp) {
  auto pipe = base::make_pipe();
  ASSERT_TRUE(pipe);
  ASSERT_TRUE(base::set_nonblocking(pipe->read_end.get()));
  const std::string endless(4000, 'x');
  ASSERT_EQ(::write(pipe->write_end.get(), endless.data(), endless.size()), 4000);
  proc::StatusLines lines;
  std::optional<std::string> line;
  for (int i = 0; i < 16 && !line; ++i) line = lines.next(pipe->read_end.get());
  ASSERT_TRUE(line);
  EXPECT_EQ(parse_status_line(*line), std::nullopt);
}

}  // namespace
