// SPDX-License-Identifier: Apache-2.0
#include "proc/tree/survivor.h"

#include <chrono>
#include <thread>

#include <gtest/gtest.h>

namespace proc {
namespace {

using std::chrono::milliseconds;

// How many looks, none of which takes any time, until nothing is waited for any more.
int looks_at_the_hanging(DeathLimit& limit) {
  int looks = 1;
  while (!limit.passed(true)) ++looks;
  return looks;
}

TEST(DeathLimitTest, WhoeverIsStoppedBetweenTwoLooksHasNotWaited) {
  DeathLimit limit;
  EXPECT_FALSE(limit.passed(true));
  std::this_thread::sleep_for(milliseconds(100));  // as a quota does with all of a group
  EXPECT_FALSE(limit.passed(true));
}

TEST(DeathLimitTest, WhatHangsIsLookedAtFiftyTimes) {
  DeathLimit limit;
  EXPECT_EQ(looks_at_the_hanging(limit), 51);
}

TEST(DeathLimitTest, WhatCouldRunInBetweenIsLookedAtAnew) {
  DeathLimit limit;
  for (int i = 0; i < 40; ++i) EXPECT_FALSE(limit.passed(true));
  EXPECT_FALSE(limit.passed(false));
  EXPECT_EQ(looks_at_the_hanging(limit), 51);
}

}  // namespace
}  // namespace proc
