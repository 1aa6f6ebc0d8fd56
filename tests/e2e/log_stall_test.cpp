// SPDX-License-Identifier: Apache-2.0
// A log whose reader stalls, with one worker and with sixteen: answers come, and what is lost is counted.
#include "base/text/text.h"
#include "support/bootstrap_process.h"
#include "support/lateness.h"
#include "support/process_tools.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <regex>

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using base::SteadyClock;

// What a machine that is busy with something else adds, and a quarter of what the same takes unhindered.
constexpr auto kNoise = 200ms;

// More than a pipe holds, in lines of 100 bytes and a shorter one.
constexpr long kFlood = 200'000;
constexpr long kNoisyLines = (kFlood + 98) / 99;
const char* const kNoisy =
    "#!/bin/sh\nhead -c 200000 /dev/zero | tr '\\0' x | fold -w 99 >&2\necho >&2\necho done\n";

// A bootstrap with some workers and a log of ours.
class Served {
 public:
  Served(int workers, int log_fd) : workers_(workers) {
    bootstrap_.task_root.write("handler.sh", kNoisy, 0755);
    bootstrap_.start({.handler = "handler.sh",
                      .arguments = {},
                      .environment = {{"AWS_LAMBDA_MAX_CONCURRENCY", std::to_string(workers)}},
                      .log_fd = log_fd});
    wait_until_idle();
  }

  // One invocation for each worker, all at once; until the last is answered.
  SteadyClock::duration serve_all() {
    const auto started = SteadyClock::now();
    for (int i = 0; i < workers_; ++i) bootstrap_.api.push_event({.id = "id-" + std::to_string(++ids_)});
    for (int i = 0; i < workers_; ++i) EXPECT_EQ(bootstrap_.wait_for_post().body, "done\n");
    const auto took = SteadyClock::now() - started;
    wait_until_idle();
    return took;
  }

  void be_quiet() { bootstrap_.task_root.write("handler.sh", "#!/bin/sh\necho done\n", 0755); }

 private:
  void wait_until_idle() {
    EXPECT_TRUE(bootstrap_.api.wait_until_parked(static_cast<std::size_t>(workers_), 60s));
  }

  const int workers_;
  support::BootstrapProcess bootstrap_;
  int ids_ = 0;
};

class LogStallTest : public testing::TestWithParam<int> {
 protected:
  std::string read_all() {
    const int fd = pipe_.read_end.get();
    ::fcntl(fd, F_SETFL, O_NONBLOCK);  // this end has a description of its own
    std::string text;
    std::string chunk(64 * 1024, '\0');
    for (ssize_t got = 0; (got = ::read(fd, chunk.data(), chunk.size())) > 0;)
      text.append(chunk, 0, static_cast<std::size_t>(got));
    return text;
  }

  base::Pipe pipe_ = *base::make_pipe();
};

// All but those that tell of others.
long noisy_lines(const std::string& text) {
  long count = 0;
  for (const auto line : base::split(text, '\n')) {
    if (line.empty() || line.starts_with("shellstrap: warn: ")) continue;
    const bool is_whole = line.size() == 99 || line.size() == kFlood % 99;
    EXPECT_TRUE(is_whole && line.find_first_not_of('x') == std::string_view::npos) << line;
    ++count;
  }
  return count;
}

long confessed_lines(const std::string& text) {
  const std::regex pattern("shellstrap: warn: [0-9]+ bytes in ([0-9]+) lines of the log were dropped");
  long lines = 0;
  for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match)
    lines += std::stol((*match)[1]);
  return lines;
}

}  // namespace

TEST_P(LogStallTest, AnswersComeAndTheRecoveredReaderIsToldWhatItMissed) {
  Served served(GetParam(), pipe_.write_end.get());
  for (int round = 0; round < 2; ++round) served.serve_all();
  auto text = read_all();
  served.serve_all();  // fills the pipe anew, behind the word about what was lost
  text += read_all();
  served.be_quiet();
  served.serve_all();
  text += read_all();
  EXPECT_GT(noisy_lines(text), 0);
  EXPECT_GT(confessed_lines(text), 0);
  EXPECT_EQ(noisy_lines(text) + confessed_lines(text), 3L * GetParam() * kNoisyLines);
}

TEST_P(LogStallTest, AnAnswerIsLateByFiftyMillisecondsAtMost) {
  const base::UniqueFd null(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  auto stalled = SteadyClock::duration::max();
  auto unhindered = SteadyClock::duration::max();
  const auto is_late = [&] {
    return stalled == SteadyClock::duration::max() || stalled > unhindered + unhindered / 4 + 50ms + kNoise;
  };
  for (int attempt = 0; attempt < 8 && is_late(); ++attempt) {
    const auto pipe = *base::make_pipe();
    const support::Lateness lateness;
    stalled = std::min(stalled, Served(GetParam(), pipe.write_end.get()).serve_all() - lateness.room());
    unhindered = std::min(unhindered, Served(GetParam(), null.get()).serve_all());
  }
  EXPECT_FALSE(is_late()) << "stalled: " << stalled.count() / 1'000'000 << " ms, else "
                          << unhindered.count() / 1'000'000 << " ms";
}

INSTANTIATE_TEST_SUITE_P(Workers, LogStallTest, testing::Values(1, 16));
