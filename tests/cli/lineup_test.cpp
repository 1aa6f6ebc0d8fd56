// SPDX-License-Identifier: Apache-2.0
#include "cli/invoke/lineup.h"

#include <future>

#include <gtest/gtest.h>

namespace {

using cli::Finished;
using cli::Lineup;

Finished named(const std::string& id) {
  return {{emulator::Cancelled{}, false}, id};
}

struct LineupTest : testing::Test {
  std::string passed;
  bool wanted = true;
  std::function<bool(Finished)> note = [this](const Finished& finished) {
    passed += finished.request_id;
    return wanted;
  };
};

TEST_F(LineupTest, PassesOnInTheOrderOfTheNumbersWhateverComesFirst) {
  Lineup lineup(3, 10, note);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(lineup.take(), i);
  EXPECT_FALSE(lineup.take());
  lineup.bring(2, named("c"));
  EXPECT_EQ(passed, "");
  lineup.bring(0, named("a"));
  EXPECT_EQ(passed, "a");
  lineup.bring(1, named("b"));
  EXPECT_EQ(passed, "abc");
}

TEST_F(LineupTest, NobodyRunsTooFarAheadOfASlowOne) {
  Lineup lineup(9, 2, note);
  lineup.take();
  lineup.take();
  auto third = std::async(std::launch::async, [&] { return lineup.take(); });
  lineup.bring(1, named("b"));
  EXPECT_EQ(third.wait_for(std::chrono::milliseconds(20)), std::future_status::timeout);
  lineup.bring(0, named("a"));
  EXPECT_EQ(third.get(), 2U);
}

TEST_F(LineupTest, NothingFurtherIsHandedOutWhenTheRestIsOfNoUse) {
  wanted = false;
  Lineup lineup(9, 9, note);
  lineup.take();
  lineup.take();
  lineup.bring(0, named("a"));
  lineup.bring(1, named("b"));
  EXPECT_FALSE(lineup.take());
  EXPECT_EQ(passed, "a");
}

}  // namespace
