// SPDX-License-Identifier: Apache-2.0
#include "runtime/life/muster.h"

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace {

using runtime::Muster;

handler::InitProblem problem(const char* message) {
  return {api::ErrorType::Known::init_error, message, {}};
}

TEST(MusterTest, NobodyGoesOnBeforeAllHaveArrived) {
  Muster muster(3);
  std::atomic<int> arrived = 0;
  std::atomic<int> early = 0;
  std::vector<std::thread> workers;
  for (int i = 0; i < 3; ++i)
    workers.emplace_back([&] {
      ++arrived;
      if (!muster.arrive(std::nullopt) || arrived != 3) ++early;
    });
  for (auto& worker : workers) worker.join();
  EXPECT_EQ(early, 0);
  EXPECT_FALSE(muster.problem());
}

TEST(MusterTest, OneProblemSendsAllHomeWithoutWaitingForTheRest) {
  Muster muster(3);
  std::thread ready([&] { EXPECT_FALSE(muster.arrive(std::nullopt)); });
  EXPECT_FALSE(muster.arrive(problem("first")));
  ready.join();
  EXPECT_FALSE(muster.arrive(problem("second")));
  ASSERT_TRUE(muster.problem());
  EXPECT_EQ(muster.problem()->message, "first");
}

}  // namespace
