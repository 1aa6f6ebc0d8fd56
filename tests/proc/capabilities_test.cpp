// SPDX-License-Identifier: Apache-2.0
// What is refused is tried with the whole bootstrap: tests/e2e/refused_calls_test.cpp.
#include "proc/setup/capabilities.h"

#include "support/process_tools.h"

#include <unistd.h>

#include <gtest/gtest.h>

namespace {

using proc::find_refused_call;
using proc::Need;

TEST(CapabilitiesTest, AskingFindsNothingHereAndLeavesNothingBehind) {
  const auto descriptors = support::open_descriptors(::getpid());
  const auto children = support::children_of(::getpid());
  const auto group = ::getpgrp();
  for (const auto need : {Need::children, Need::threads, Need::warm_shell}) {
    const auto refused = find_refused_call(need);
    EXPECT_FALSE(refused) << refused->call;
  }
  EXPECT_TRUE(proc::can_list_children());
  EXPECT_EQ(support::open_descriptors(::getpid()), descriptors);
  EXPECT_EQ(support::children_of(::getpid()), children);
  EXPECT_EQ(::getpgrp(), group);
}

}  // namespace
