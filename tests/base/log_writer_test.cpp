// SPDX-License-Identifier: Apache-2.0
// What becomes of the log when its reader is slow, stalls, and comes back.
#include "base/log/log_writer.h"

#include "base/log/logger.h"
#include "support/process_tools.h"
#include "support/tasks.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <regex>
#include <thread>

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using base::LogBudget;
using base::Logger;
using base::LogPatience;
using base::SteadyClock;

// A machine under load wakes nobody on time.
constexpr auto kNoise = 400ms;

std::string numbered_lines(int first, int count, std::size_t length = 100) {
  std::string lines;
  for (int i = first; i < first + count; ++i) {
    auto line = std::to_string(i) + ":" + std::string(length, 'x');
    lines += line + "\n";
  }
  return lines;
}

std::string read_some(int fd, std::size_t limit = 64 * 1024) {
  std::string text(limit, '\0');
  pollfd polled{fd, POLLIN, 0};
  if (::poll(&polled, 1, 0) <= 0) return "";
  const auto got = ::read(fd, text.data(), text.size());
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return text;
}

std::string read_all(int fd) {
  std::string text;
  for (std::string more; !(more = read_some(fd)).empty();) text += more;
  return text;
}

enum class Kind { pipe, foreign_pipe, socket };

// Of a few attempts, as long as none is fast: what a busy machine adds is not ours.
template <typename Attempt>
SteadyClock::duration fastest_of_some(Attempt attempt) {
  auto fastest = SteadyClock::duration::max();
  for (int i = 0; i < 8 && fastest > 50ms + kNoise; ++i)
    fastest = std::min<SteadyClock::duration>(fastest, attempt());
  return fastest;
}

std::string name_of_kind(const testing::TestParamInfo<Kind>& kind) {
  constexpr std::array kNames = {"Pipe", "ForeignPipe", "Socket"};
  return kNames.at(static_cast<std::size_t>(kind.param));
}

// The log of a bootstrap, in each of the ways that it can be written to without waiting.
class StalledLogTest : public testing::TestWithParam<Kind> {
 protected:
  StalledLogTest() { open(); }

  // A log that holds nothing yet.
  void open() {
    logger_.reset();
    pipe_ = GetParam() == Kind::socket ? make_sockets() : *base::make_pipe();
    if (GetParam() == Kind::foreign_pipe)
      open_unpermitted();
    else
      logger_.emplace(pipe_.write_end.get(), LogPatience::bounded);
  }

  static base::Pipe make_sockets() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    return {base::UniqueFd(ends[0]), base::UniqueFd(ends[1])};
  }

  // As a pipe that another user has made: what we hold can be written to, but not opened once more.
  void open_unpermitted() {
    const bool root = ::geteuid() == 0;
    EXPECT_EQ(::fchmod(pipe_.write_end.get(), 0), 0);
    if (root) {
      EXPECT_EQ(::seteuid(65534), 0);
    }
    logger_.emplace(pipe_.write_end.get(), LogPatience::bounded);
    if (root) {
      EXPECT_EQ(::seteuid(0), 0);
    }
  }

  // Writes until something is dropped; how many lines were given.
  int stall() {
    int given = 0;
    for (int i = 0; i < 40; ++i, given += 100) logger_->pass_on(numbered_lines(given, 100));
    return given;
  }

  // What a reader of small pieces gets while `write` writes more than the pipe holds.
  template <typename Write>
  std::string read_slowly(Write write) {
    support::Tasks tasks;
    std::atomic<bool> done = false;
    auto reading = tasks.run([&] {
      std::string text;
      while (!done) text += read_some(reader(), 4096);
      return text + read_all(reader());
    });
    write();
    done = true;
    return reading.get();
  }

  [[nodiscard]] int reader() const { return pipe_.read_end.get(); }

  base::Pipe pipe_;
  std::optional<Logger> logger_;
};

struct Loss {
  long bytes = 0;
  long lines = 0;
};

// What the log itself says that it lost.
Loss confessed(const std::string& text) {
  const std::regex pattern("shellstrap: warn: ([0-9]+) bytes in ([0-9]+) lines of the log were dropped");
  Loss loss;
  for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match) {
    loss.bytes += std::stol((*match)[1]);
    loss.lines += std::stol((*match)[2]);
  }
  return loss;
}

// Every line is one that was given, whole, or tells of a loss; how many were given.
long whole_lines(const std::string& text) {
  const std::regex given("[0-9]+:x+");
  long count = 0;
  for (std::size_t at = 0, end = 0; (end = text.find('\n', at)) != std::string::npos; at = end + 1) {
    const auto line = text.substr(at, end - at);
    const bool ours = line.starts_with("shellstrap: ");
    EXPECT_TRUE(ours || (std::regex_match(line, given) && line.size() - line.find(':') == 101)) << line;
    count += ours ? 0 : 1;
  }
  return count;
}

}  // namespace

TEST_P(StalledLogTest, AllLinesOfAnInvocationTogetherWaitFiftyMilliseconds) {
  const auto lines = numbered_lines(0, 100);
  const auto fastest = fastest_of_some([&] {
    open();
    LogBudget budget;
    const auto started = SteadyClock::now();
    for (int i = 0; i < 100; ++i) logger_->pass_on(lines, budget);
    const auto waited = SteadyClock::now() - started;
    EXPECT_GE(waited, 45ms);
    return waited;
  });
  EXPECT_LT(fastest, 50ms + kNoise);
}

TEST_P(StalledLogTest, WhoComesToAStalledReaderDoesNotWaitAgain) {
  stall();
  const auto fastest = fastest_of_some([this] {
    const auto started = SteadyClock::now();
    for (int i = 0; i < 100; ++i) logger_->error("another invocation");
    return SteadyClock::now() - started;
  });
  EXPECT_LT(fastest, kNoise);
}

TEST_P(StalledLogTest, WhatIsDroppedIsCountedAndSaidOnceTheReaderIsBack) {
  const auto given = stall();
  auto text = read_all(reader());
  logger_->catch_up();
  text += read_all(reader());
  const auto loss = confessed(text);
  EXPECT_GT(loss.lines, 0);
  EXPECT_EQ(whole_lines(text) + loss.lines, given);
  EXPECT_TRUE(text.ends_with("because its reader stalled\n")) << text.substr(text.size() - 200);
  logger_->catch_up();
  EXPECT_EQ(read_all(reader()), "");
}

TEST_P(StalledLogTest, NoLineIsTornWhereverTheReaderStopped) {
  long given = 0;
  std::string text;
  for (int round = 0; round < 5; ++round) {
    given += stall();
    text += read_some(reader(), 1000);  // room for some bytes, in the middle of a line
    text += read_all(reader());
  }
  logger_->catch_up();
  text += read_all(reader());
  EXPECT_EQ(whole_lines(text) + confessed(text).lines, given);
}

TEST_P(StalledLogTest, ASlowReaderWithinTheBudgetLosesNothing) {
  // On a busy machine the reading thread itself may break the budget; some time it does not.
  long lost = 1;
  for (int attempt = 0; attempt < 20 && lost > 0; ++attempt) {
    const auto text = read_slowly([&] {
      for (int i = 0; i < 200; ++i) {
        LogBudget budget;
        logger_->pass_on(numbered_lines(i * 10, 10), budget);
      }
    });
    lost = 2000 - whole_lines(text);
  }
  EXPECT_EQ(lost, 0);
}

TEST_P(StalledLogTest, SixteenWritersWaitSideBySideAndEveryLineIsWholeOrCounted) {
  const auto lines = numbered_lines(0, 100);
  const auto write = [&] {
    LogBudget budget;
    const auto started = SteadyClock::now();
    for (int i = 0; i < 20; ++i) logger_->pass_on(lines, budget);
    return SteadyClock::now() - started;
  };
  const auto fastest = fastest_of_some([&] {
    open();
    support::Tasks tasks;
    std::vector<std::future<SteadyClock::duration>> waits;
    for (int writer = 0; writer < 16; ++writer) waits.push_back(tasks.run(write));
    auto longest = SteadyClock::duration(0);
    for (auto& wait : waits) longest = std::max(longest, wait.get());
    return longest;
  });
  EXPECT_LT(fastest, 50ms + kNoise);
  auto text = read_all(reader());
  logger_->catch_up();
  text += read_all(reader());
  EXPECT_EQ(whole_lines(text) + confessed(text).lines, 16 * 20 * 100);
}

TEST_P(StalledLogTest, AReaderThatIsGoneCostsNothing) {
  pipe_.read_end.reset();
  ::signal(SIGPIPE, SIG_IGN);
  const auto fastest = fastest_of_some([this] {
    const auto started = SteadyClock::now();
    stall();
    return SteadyClock::now() - started;
  });
  EXPECT_LT(fastest, kNoise);
}

INSTANTIATE_TEST_SUITE_P(Ways, StalledLogTest, testing::Values(Kind::pipe, Kind::foreign_pipe, Kind::socket),
                         name_of_kind);

TEST(LogWriterTest, TheSharedDescriptionStaysBlocking) {
  const auto pipe = *base::make_pipe();
  Logger logger(pipe.write_end.get(), LogPatience::bounded);
  logger.info("hello");
  EXPECT_EQ(::fcntl(pipe.write_end.get(), F_GETFL) & O_NONBLOCK, 0);
}

TEST(LogWriterTest, EndlessPatienceLosesNothingToAStalledReader) {
  const auto pipe = *base::make_pipe();
  Logger logger(pipe.write_end.get());
  support::Tasks tasks;
  auto writing = tasks.run([&] {
    for (int i = 0; i < 20; ++i) logger.pass_on(numbered_lines(i * 100, 100));
  });
  EXPECT_EQ(writing.wait_for(100ms), std::future_status::timeout);  // longer than any invocation would wait
  std::string text;
  while (writing.wait_for(0ms) != std::future_status::ready) text += read_some(pipe.read_end.get());
  text += read_all(pipe.read_end.get());
  EXPECT_EQ(whole_lines(text), 2000);
}

TEST(LogWriterTest, NoWriteIsLargerThanSixtyFourKibibytes) {
  // A datagram is as long as the write that made it.
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends.data()), 0);
  const base::UniqueFd reader(ends[0]);
  const base::UniqueFd writer(ends[1]);
  const int size = 1 << 20;
  ::setsockopt(writer.get(), SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  Logger logger(writer.get(), LogPatience::bounded);
  logger.pass_on(numbered_lines(0, 1000));
  long lines = 0;
  for (std::string datagram; !(datagram = read_some(reader.get(), 1 << 20)).empty();) {
    EXPECT_LE(datagram.size(), 64U * 1024);
    lines += whole_lines(datagram);
  }
  EXPECT_EQ(lines, 1000);
}
