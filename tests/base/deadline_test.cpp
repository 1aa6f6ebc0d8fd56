// SPDX-License-Identifier: Apache-2.0
#include "base/deadline.h"

#include <gtest/gtest.h>

using base::Deadline;
using namespace std::chrono_literals;

TEST(DeadlineTest, NeverHasNoPollTimeoutAndNeverPasses) {
  EXPECT_TRUE(Deadline::never().is_never());
  EXPECT_FALSE(Deadline::never().passed());
  EXPECT_EQ(Deadline::never().poll_timeout(), -1);
}

TEST(DeadlineTest, APassedOneHasNoTimeLeft) {
  const auto passed = Deadline::after(-5s);
  EXPECT_TRUE(passed.passed());
  EXPECT_EQ(passed.remaining(), 0s);
  EXPECT_EQ(passed.poll_timeout(), 0);
}

TEST(DeadlineTest, PollTimeoutIsRoundedUpSoThatAWakeUpIsNeverEarly) {
  const int timeout = Deadline::after(1500us).poll_timeout();
  EXPECT_GE(timeout, 1);
  EXPECT_LE(timeout, 2);
}

TEST(DeadlineTest, PollTimeoutOfAFarDeadlineFitsAnInt) {
  EXPECT_EQ(Deadline::after(24h * 3650).poll_timeout(), 24 * 3600 * 1000);
}

TEST(DeadlineTest, UnixTimeBecomesTheSamePointOnTheSteadyClock) {
  const auto left = Deadline::at_unix_time(base::unix_now() + 3s).remaining();
  EXPECT_GT(left, 2900ms);
  EXPECT_LE(left, 3001ms);
}

TEST(DeadlineTest, TheEarlierOfTwoIgnoresNever) {
  const auto soon = Deadline::after(1s);
  EXPECT_EQ(Deadline::earlier_of(soon, Deadline::never()).is_never(), false);
  EXPECT_EQ(Deadline::earlier_of(Deadline::never(), soon).is_never(), false);
  EXPECT_TRUE(Deadline::earlier_of(Deadline::never(), Deadline::never()).is_never());
  EXPECT_LE(Deadline::earlier_of(Deadline::after(9s), soon).remaining(), 1s);
}

TEST(DeadlineTest, EarlierByMovesItForward) {
  EXPECT_TRUE(Deadline::after(1s).earlier_by(2s).passed());
  EXPECT_TRUE(Deadline::never().earlier_by(2s).is_never());
}
