// SPDX-License-Identifier: Apache-2.0
#include "proc/setup/descriptor_limit.h"

#include "support/process_tools.h"

#include <unistd.h>

#include <string>

#include <gtest/gtest.h>

namespace {

// Limits last: each promise is tried in a process of its own.
#define EXPECT_IN_A_FORK(promise) EXPECT_EXIT(::_exit((promise) ? 0 : 1), ::testing::ExitedWithCode(0), "")

bool set_soft_limit(rlim_t count) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
  limit.rlim_cur = count;
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

std::string limit_of_a_child() {
  return support::run_tool({"/bin/sh", "-c", "ulimit -n"}).out;
}

bool children_see_the_limit_as_it_was() {
  if (!set_soft_limit(200) || limit_of_a_child() != "200\n") return false;
  if (!proc::raise_descriptor_limit(300) || proc::descriptor_limit()->now != 300) return false;
  return limit_of_a_child() == "200\n";
}

TEST(DescriptorLimitDeathTest, ChildrenSeeItAsItWasBeforeItWasRaised) {
  EXPECT_IN_A_FORK(children_see_the_limit_as_it_was());
}

bool nothing_is_raised_beyond_the_hard_limit() {
  rlimit limit{150, 150};
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
  return !proc::raise_descriptor_limit(151) && proc::descriptor_limit()->now == 150;
}

TEST(DescriptorLimitDeathTest, NothingIsRaisedBeyondTheHardLimit) {
  EXPECT_IN_A_FORK(nothing_is_raised_beyond_the_hard_limit());
}

}  // namespace
