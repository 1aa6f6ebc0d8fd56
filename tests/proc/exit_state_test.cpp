// SPDX-License-Identifier: Apache-2.0
#include "proc/child/exit_state.h"

#include <cctype>
#include <csignal>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace {

using proc::ExitState;
using proc::signal_name;

TEST(ExitStateTest, StatusAndSignalNeverShareANumber) {
  EXPECT_FALSE(ExitState::exited(9) == ExitState::signaled(9));
  EXPECT_TRUE(ExitState::exited(0).success());
  EXPECT_FALSE(ExitState::exited(1).success());
  EXPECT_FALSE(ExitState::signaled(15).success());
}

TEST(ExitStateTest, WaitStatusWithCoreDumpIsTheSignal) {
  EXPECT_EQ(ExitState::from_wait_status(SIGSEGV | 0x80), ExitState::signaled(SIGSEGV));
  EXPECT_EQ(ExitState::from_wait_status(SIGKILL), ExitState::signaled(SIGKILL));
  EXPECT_EQ(ExitState::from_wait_status(255 << 8), ExitState::exited(255));
}

TEST(SignalNameTest, NamesThatUsersKnow) {
  EXPECT_EQ(signal_name(SIGHUP), "HUP");
  EXPECT_EQ(signal_name(SIGABRT), "ABRT");
  EXPECT_EQ(signal_name(SIGKILL), "KILL");
  EXPECT_EQ(signal_name(SIGSEGV), "SEGV");
  EXPECT_EQ(signal_name(SIGTERM), "TERM");
  EXPECT_EQ(signal_name(SIGSYS), "SYS");
  EXPECT_EQ(signal_name(34), "RTMIN");
  EXPECT_EQ(signal_name(37), "RTMIN3");
  EXPECT_EQ(signal_name(64), "RTMIN30");
}

TEST(SignalNameTest, EachOfTheSixtyFourIsItsOwnWordOfLettersAndDigits) {
  std::set<std::string> names;
  for (int signal = 1; signal <= 64; ++signal) {
    const std::string name = signal_name(signal);
    EXPECT_TRUE(std::isupper(static_cast<unsigned char>(name.at(0)))) << signal << " " << name;
    for (const char character : name)
      EXPECT_TRUE(std::isalnum(static_cast<unsigned char>(character))) << name;
    EXPECT_TRUE(names.insert(name).second) << name;
  }
}

TEST(SignalNameTest, NumbersThatAreNoSignalStayNumbers) {
  EXPECT_EQ(signal_name(0), "0");
  EXPECT_EQ(signal_name(65), "65");
}

}  // namespace
