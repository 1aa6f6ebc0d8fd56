// SPDX-License-Identifier: Apache-2.0
#include "proc/run.h"

#include "base/memory_file.h"
#include "support/process_target.h"
#include "support/process_tools.h"

#include <unistd.h>

#include <chrono>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using base::Deadline;
using proc::ExitState;
using support::run_target;

constexpr std::size_t kLargestPayload = 6 * 1024 * 1024;

base::MemoryFile memory_file(std::string_view content) {
  auto file = base::MemoryFile::create("test");
  EXPECT_TRUE(file && file->append(content) && file->rewind());
  return *std::move(file);
}

std::string random_bytes(std::size_t count) {
  std::mt19937_64 random(42);
  std::string bytes(count, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

std::optional<ExitState> exit_of(const proc::RunResult& result) {
  const auto* exited = std::get_if<proc::Exited>(&result.ending);
  return exited != nullptr ? std::optional(exited->state) : std::nullopt;
}

TEST(RunTest, EveryExitStatusIsReported) {
  for (int status = 0; status <= 255; ++status)
    EXPECT_EQ(exit_of(run_target({"exit", std::to_string(status)}).result), ExitState::exited(status))
        << status;
}

TEST(RunTest, SixMebibytesOfRandomBytesComeBackIdentical) {
  const std::string sent = random_bytes(kLargestPayload);
  const auto input = memory_file(sent);
  const auto seen = run_target({"echo"}, {.stdin_fd = input.fd()});
  EXPECT_EQ(exit_of(seen.result), ExitState::exited(0));
  EXPECT_TRUE(seen.out == sent) << seen.out.size() << " bytes came back";
  EXPECT_TRUE(seen.result.drained);
}

TEST(RunTest, ChildThatNeverReadsItsInputEndsNormally) {
  const auto input = memory_file(random_bytes(kLargestPayload));
  EXPECT_EQ(exit_of(run_target({"no-stdin"}, {.stdin_fd = input.fd()}).result), ExitState::exited(0));
}

TEST(RunTest, ChildThatReadsHalfOfItsInputEndsNormally) {
  const auto input = memory_file(random_bytes(kLargestPayload));
  EXPECT_EQ(exit_of(run_target({"half-stdin"}, {.stdin_fd = input.fd()}).result), ExitState::exited(0));
}

TEST(RunTest, ChildThatWritesSixMegabytesBeforeItReadsIsServed) {
  const auto input = memory_file(random_bytes(kLargestPayload));
  const auto seen = run_target({"write-first", "6000000"}, {.stdin_fd = input.fd()});
  EXPECT_EQ(exit_of(seen.result), ExitState::exited(0));
  EXPECT_EQ(seen.out.size(), 6'000'000u);
  EXPECT_EQ(seen.err, std::to_string(kLargestPayload));
}

TEST(RunTest, WithoutInputTheChildReadsTheEndAtOnce) {
  const auto seen = run_target({"echo"});
  EXPECT_EQ(exit_of(seen.result), ExitState::exited(0));
  EXPECT_EQ(seen.out, "");
}

TEST(RunTest, BackgroundProcessHoldingStdoutDoesNotDelayTheAnswer) {
  const auto seen = run_target({"spawn-background", "60000"});
  EXPECT_EQ(exit_of(seen.result), ExitState::exited(0));
  EXPECT_LT(seen.result.elapsed, 10s);
  EXPECT_TRUE(seen.result.drained);
  EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(std::stoi(seen.out)); })) << seen.out;
}

}  // namespace
