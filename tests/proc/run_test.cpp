// SPDX-License-Identifier: Apache-2.0
#include "proc/run/run.h"

#include "support/process_target.h"
#include "support/process_tools.h"

#include <sys/ioctl.h>

#include <chrono>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using proc::ExitState;
using support::input_with;
using support::run_target;

constexpr std::size_t kLargestPayload = 6 * 1024 * 1024;

std::string random_bytes(std::size_t count) {
  std::mt19937_64 random(42);
  std::string bytes(count, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

bool a_pipe_is_full() {
  for (int fd = 3; fd < 256; ++fd)
    if (int held = 0; ::ioctl(fd, FIONREAD, &held) == 0 && held >= 64 * 1024) return true;
  return false;
}

// So slow that whoever writes without end has filled the pipe again, on the slowest of machines, too.
class SlowSink : public proc::ByteSink {
 public:
  bool take(std::string_view bytes) override {
    taken += bytes.size();
    EXPECT_TRUE(support::wait_for(a_pipe_is_full));
    return true;
  }

  std::size_t taken = 0;
};

TEST(RunTest, EveryExitStatusIsReported) {
  for (int status = 0; status <= 255; ++status)
    EXPECT_EQ(run_target({"exit", std::to_string(status)}).exited(), ExitState::exited(status)) << status;
}

TEST(RunTest, SixMebibytesOfRandomBytesComeBackIdentical) {
  const std::string sent = random_bytes(kLargestPayload);
  const auto input = input_with(sent);
  const auto seen = run_target({"echo"}, {.stdin_fd = input.fd()});
  EXPECT_EQ(seen.exited(), ExitState::exited(0));
  EXPECT_TRUE(seen.out == sent) << seen.out.size() << " bytes came back";
  EXPECT_TRUE(seen.result.drained);
}

TEST(RunTest, FloodOnStderrIsCollectedBesideStdout) {
  const auto seen = run_target({"flood", "stderr", "6000001"});
  EXPECT_EQ(seen.exited(), ExitState::exited(0));
  EXPECT_EQ(seen.err.size(), 6'000'001u);
  EXPECT_EQ(seen.out, "");
}

TEST(RunTest, AnswerOnAThirdDescriptorIsKeptApart) {
  support::StringSink answer;
  const auto seen = run_target({"write-fd", "3", "a\\x00b"}, {.outputs = {{3, &answer}}});
  EXPECT_EQ(seen.exited(), ExitState::exited(0));
  EXPECT_EQ(answer.text, std::string("a\0b", 3));
  EXPECT_EQ(seen.out + seen.err, "");
}

TEST(RunTest, ChildThatNeverReadsItsInputEndsNormally) {
  const auto input = input_with(random_bytes(kLargestPayload));
  EXPECT_EQ(run_target({"no-stdin"}, {.stdin_fd = input.fd()}).exited(), ExitState::exited(0));
}

TEST(RunTest, ChildThatReadsHalfOfItsInputEndsNormally) {
  const auto input = input_with(random_bytes(kLargestPayload));
  EXPECT_EQ(run_target({"half-stdin"}, {.stdin_fd = input.fd()}).exited(), ExitState::exited(0));
}

TEST(RunTest, ChildThatWritesSixMegabytesBeforeItReadsIsServed) {
  const auto input = input_with(random_bytes(kLargestPayload));
  const auto seen = run_target({"write-first", "6000000"}, {.stdin_fd = input.fd()});
  EXPECT_EQ(seen.exited(), ExitState::exited(0));
  EXPECT_EQ(seen.out.size(), 6'000'000u);
  EXPECT_EQ(seen.err, std::to_string(kLargestPayload));
}

TEST(RunTest, WithoutInputTheChildReadsTheEndAtOnce) {
  const auto seen = run_target({"echo"});
  EXPECT_EQ(seen.exited(), ExitState::exited(0));
  EXPECT_EQ(seen.out, "");
}

TEST(RunTest, ChildThatClosesStdoutEarlyIsAwaited) {
  const auto seen = run_target({"close-stdout", "50"});
  EXPECT_EQ(seen.exited(), ExitState::exited(0));
  EXPECT_GE(seen.result.elapsed, 50ms);
}

TEST(RunTest, OutputArrivesWhileTheChildStillRuns) {
  class StampingSink : public proc::ByteSink {
   public:
    bool take(std::string_view bytes) override {
      calls += bytes == "." ? 1 : 0;
      return true;
    }
    int calls = 0;
  } out;
  const auto seen = run_target({"byte-per", "20", "5"}, {.outputs = {{1, &out}}});
  EXPECT_EQ(seen.exited(), ExitState::exited(0));
  EXPECT_GE(out.calls, 2) << "all bytes came at once";
}

TEST(RunTest, BackgroundProcessHoldingStdoutDoesNotDelayTheAnswer) {
  const auto seen = run_target({"spawn-background", "60000"});
  EXPECT_EQ(seen.exited(), ExitState::exited(0));
  EXPECT_LT(seen.result.elapsed, 10s);
  EXPECT_TRUE(seen.result.drained);
}

TEST(RunTest, BackgroundProcessOfAnotherSessionDoesNotDelayTheAnswer) {
  const auto seen = run_target({"spawn-background", "3000", "setsid"});
  EXPECT_EQ(seen.exited(), ExitState::exited(0));
  EXPECT_LT(seen.result.elapsed, 3s);
}

TEST(RunTest, BackgroundProcessOfTheGroupIsKilled) {
  const auto seen = run_target({"spawn-background", "60000"});
  ASSERT_EQ(seen.exited(), ExitState::exited(0));
  EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(std::stoi(seen.out)); })) << seen.out;
}

TEST(RunTest, DescendantThatNeverStopsWritingCutsTheDrainShort) {
  SlowSink out;
  const auto seen = run_target({"spawn-flood"}, {.outputs = {{1, &out}}});
  EXPECT_EQ(seen.exited(), ExitState::exited(0));
  EXPECT_FALSE(seen.result.drained);
  EXPECT_GT(out.taken, 0u);
}

TEST(RunTest, UsageIsThatOfTheChild) {
  const auto seen = run_target({"flood", "stdout", "60000000"});
  ASSERT_EQ(seen.exited(), ExitState::exited(0));
  EXPECT_GT(seen.result.usage.peak_memory_kib, 200u);
  EXPECT_LT(seen.result.usage.peak_memory_kib, 4'000'000u);
  EXPECT_GT((seen.result.usage.user_time + seen.result.usage.system_time).count(), 0);
  EXPECT_LT(seen.result.usage.user_time + seen.result.usage.system_time, 4 * seen.result.elapsed + 1s);
}

}  // namespace
