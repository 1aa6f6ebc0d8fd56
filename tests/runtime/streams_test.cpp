// SPDX-License-Identifier: Apache-2.0
#include "runtime/answer/streams.h"

#include "base/io/memory_file.h"

#include <unistd.h>

#include <map>

#include <gtest/gtest.h>

namespace {

class StreamsTest : public testing::TestWithParam<int> {
 protected:
  void feed(runtime::Streams& streams, int child_fd, std::string_view bytes) {
    for (const auto& output : streams.outputs())
      if (output.child_fd == child_fd) output.sink->take(bytes);
  }

  std::string log_text() {
    std::string text(static_cast<std::size_t>(::lseek(file_.fd(), 0, SEEK_END)), '\0');
    EXPECT_EQ(::pread(file_.fd(), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
    return text;
  }

  base::MemoryFile file_ = *base::MemoryFile::create("log");
  base::Logger logger_{file_.fd()};
};

}  // namespace

TEST_P(StreamsTest, ExactlyOneDescriptorIsTheAnswerAndTheOthersAreLog) {
  runtime::Streams streams(GetParam(), 1000, logger_);
  std::map<int, std::string> texts = {{1, "out\n"}, {2, "err\n"}};
  texts.emplace(GetParam(), "answer\n");
  for (const auto& [fd, text] : texts) feed(streams, fd, text);
  streams.finish();
  const auto answer = texts.at(GetParam());
  EXPECT_EQ(*streams.answer().bytes().text(), answer);
  texts.erase(GetParam());
  std::string logged;
  for (const auto& [fd, text] : texts) logged += text;
  EXPECT_EQ(log_text(), logged);
}

INSTANTIATE_TEST_SUITE_P(Channels, StreamsTest, testing::Values(1, 2, 3, 9));

TEST_F(StreamsTest, StackTracesAreOfStandardErrorWhereverItGoes) {
  for (const int answer_fd : {1, 2, 3}) {
    runtime::Streams streams(answer_fd, 1000, logger_);
    feed(streams, 1, "out\n");
    feed(streams, 2, "why it failed\n");
    streams.finish();
    EXPECT_EQ(streams.last_stderr_lines(), (std::vector<std::string>{"why it failed"})) << answer_fd;
  }
}

TEST_F(StreamsTest, AFailedAnswerOnStandardErrorIsAlsoLogged) {
  runtime::Streams on_stderr(2, 1000, logger_);
  feed(on_stderr, 2, "boom");
  on_stderr.log_stderr_answer();
  EXPECT_EQ(log_text(), "boom\n");
}

TEST_F(StreamsTest, EachIsLoggedOnlyWhereItIsTheAnswer) {
  for (const int answer_fd : {1, 2, 3}) {
    runtime::Streams streams(answer_fd, 1000, logger_);
    feed(streams, 1, "of " + std::to_string(answer_fd) + ": out\n");
    feed(streams, 2, "of " + std::to_string(answer_fd) + ": err\n");
    streams.log_stdout_answer();
    streams.log_stderr_answer();
  }
  EXPECT_EQ(log_text(),
            "of 1: err\nof 1: out\n"
            "of 2: out\nof 2: err\n"
            "of 3: out\nof 3: err\n");
}

TEST_F(StreamsTest, LinesOfStandardOutputAreItsOwnWhereverItGoes) {
  for (const int answer_fd : {1, 2, 3}) {
    runtime::Streams streams(answer_fd, 1000, logger_);
    feed(streams, 2, "err\n");
    feed(streams, 1, "why it failed");
    EXPECT_EQ(streams.last_stdout_lines(), (std::vector<std::string>{"why it failed"})) << answer_fd;
  }
}

TEST_F(StreamsTest, TheAnswerMayFillItsLimitAndNoMore) {
  runtime::AnswerBuffer answer(4);
  EXPECT_TRUE(answer.take("1234"));
  EXPECT_FALSE(answer.take("5"));
  EXPECT_EQ(answer.written(), 5U);
  EXPECT_EQ(answer.bytes().size(), 4U);
}
