// SPDX-License-Identifier: Apache-2.0
// How large the pipes of outputs are made, so that all of them together leave most of the user's share.
#include "proc/run/pipe_size.h"

#include "support/process_target.h"
#include "support/process_tools.h"

#include <fcntl.h>

#include <chrono>
#include <ostream>
#include <string>
#include <string_view>
#include <thread>

#include <gtest/gtest.h>

namespace {

using proc::PipeNeed;

constexpr std::size_t kKib = 1024;
constexpr std::size_t kUserShare = 64 * kKib * kKib;  // 16,384 pages, as kernels are shipped

struct Share {
  PipeNeed need;
  std::size_t user_bytes;
  std::size_t kib;
};

void PrintTo(const Share& share, std::ostream* out) {
  *out << share.need.lanes << " lanes of " << share.need.outputs << " + " << share.need.others << " pipes";
}

// The first six are the table of docs/concurrency.md.
constexpr Share kShares[] = {
    {{1, 2, 0}, kUserShare, 1024},
    {{16, 2, 0}, kUserShare, 512},
    {{64, 2, 0}, kUserShare, 128},
    {{1, 2, 4}, kUserShare, 1024},
    {{16, 2, 4}, kUserShare, 256},
    {{64, 2, 4}, kUserShare, 64},
    {{16, 3, 0}, kUserShare, 256},
    {{1024, 3, 4}, kUserShare, 64},
    {{1, 2, 0}, 0, 1024},
    {{1, 2, 0}, 1, 64},
    {{1, 2, 0}, 1024 * kUserShare, 1024},
};

class PipeShareTest : public testing::TestWithParam<Share> {};

TEST_P(PipeShareTest, IsAPowerOfTwoAndAtMostAQuarterOfTheUsersWhereThatIsMoreThanUsual) {
  const auto& [need, user_bytes, kib] = GetParam();
  const auto size = proc::fair_pipe_size(need, user_bytes);
  EXPECT_EQ(size, kib * kKib);
  if (user_bytes == 0 || size == proc::kUsualPipe) return;
  EXPECT_LE(need.lanes * (need.outputs * size + need.others * proc::kUsualPipe), user_bytes / 4);
}

INSTANTIATE_TEST_SUITE_P(All, PipeShareTest, testing::ValuesIn(kShares));

TEST(PipeSizeTest, ChildrenGetWhatTheKernelGrants) {
  const auto usual = support::run_target({"pipe-size"});
  EXPECT_EQ(usual.out, std::to_string(proc::kUsualPipe));
  const auto granted = proc::enlarge_output_pipes({1, 2, 0});
  EXPECT_GT(granted, proc::kUsualPipe);
  EXPECT_EQ(support::run_target({"pipe-size"}).out, std::to_string(granted));
}

// Also where bytes came in while it ran, and were read: then it was full more than once.
TEST(FullPipeTest, WhoFillsAPipeAndDoesNotWaitIsReported) {
  support::StringSink out;
  EXPECT_TRUE(support::run_target({"fill-stdout"}, {.outputs = {{1, &out, 0, true}}}).result.full);
  EXPECT_EQ(out.text.size() % proc::kUsualPipe, 0U) << out.text.size();
}

TEST(FullPipeTest, OtherAnswersAreNot) {
  for (const char* bytes : {"0", "4096", "65535", "65537", "6000000"}) {
    support::StringSink out;
    EXPECT_FALSE(
        support::run_target({"flood", "stdout", bytes}, {.outputs = {{1, &out, 0, true}}}).result.full)
        << bytes;
  }
}

// Longer than a descendant may go on writing.
TEST(LargePipeTest, WhatIsInItAtTheEndIsTakenHoweverSlowly) {
  class SlowSink : public support::StringSink {
   public:
    bool take(std::string_view bytes) override {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      return StringSink::take(bytes);
    }
  } out;
  proc::enlarge_output_pipes({1, 2, 0});
  const auto seen = support::run_target({"flood", "stdout", "1000000"}, {.outputs = {{1, &out}}});
  EXPECT_EQ(out.text.size(), 1'000'000U);
  EXPECT_TRUE(seen.result.drained);
}

}  // namespace
