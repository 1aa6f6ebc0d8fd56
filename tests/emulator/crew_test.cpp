// SPDX-License-Identifier: Apache-2.0
#include "emulator/http/crew.h"

#include <atomic>
#include <latch>

#include <gtest/gtest.h>

namespace {

using emulator::Crew;

TEST(CrewTest, NoTaskWaitsForOneThatBlocks) {
  constexpr int kTasks = 16;
  std::latch all_run(kTasks);
  Crew crew(kTasks);
  for (int i = 0; i < kTasks; ++i)
    ASSERT_TRUE(crew.run([&] { all_run.arrive_and_wait(); }));  // ends only if every one has its thread
  crew.finish();
  EXPECT_TRUE(all_run.try_wait());
}

TEST(CrewTest, BeyondTheLimitTasksWaitAndAreAllRun) {
  std::atomic<int> count = 0;
  Crew crew(2);
  for (int i = 0; i < 100; ++i) crew.run([&] { ++count; });
  crew.finish();
  EXPECT_EQ(count, 100);
}

TEST(CrewTest, TakesNothingOnceFinished) {
  Crew crew(2);
  crew.finish();
  EXPECT_FALSE(crew.run([] {}));
}

}  // namespace
