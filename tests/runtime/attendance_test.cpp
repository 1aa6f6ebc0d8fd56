// SPDX-License-Identifier: Apache-2.0
#include "runtime/life/attendance.h"

#include "base/io/unique_fd.h"

#include <sys/eventfd.h>

#include <thread>

#include <gtest/gtest.h>

using namespace std::chrono_literals;
using base::Deadline;
using runtime::Attendance;

namespace {

// An eventfd with a count is readable, as a signal is that waits.
base::UniqueFd stop_with(unsigned count) {
  return base::UniqueFd(::eventfd(count, EFD_CLOEXEC));
}

}  // namespace

TEST(AttendanceTest, IsOverWhenTheLastOneLeaves) {
  Attendance attendance(2);
  EXPECT_TRUE(attendance.leave());
  EXPECT_FALSE(attendance.wait_until_over(Deadline::after(0ms)));
  EXPECT_FALSE(attendance.leave());
  EXPECT_TRUE(attendance.wait_until_over(Deadline::never()));
}

TEST(AttendanceTest, TheLastOneHasSpokenBeforeItIsOver) {
  for (int i = 0; i < 100; ++i) {
    Attendance attendance(1);
    bool has_spoken = false;
    std::thread last([&] {
      attendance.leave([&] {
        std::this_thread::yield();
        has_spoken = true;
      });
    });
    attendance.wait_until_over(Deadline::never());
    EXPECT_TRUE(has_spoken);
    last.join();
  }
}

TEST(AttendanceTest, WhoComesBackKeepsItGoing) {
  const auto stop = stop_with(0);
  Attendance attendance(2);
  attendance.leave();
  EXPECT_TRUE(attendance.come_back_after(1ms, stop.get()));
  EXPECT_TRUE(attendance.leave());
  EXPECT_FALSE(attendance.leave());
}

TEST(AttendanceTest, ThePauseIsKept) {
  const auto stop = stop_with(0);
  Attendance attendance(2);
  attendance.leave();
  const auto before = base::SteadyClock::now();
  EXPECT_TRUE(attendance.come_back_after(30ms, stop.get()));
  EXPECT_GE(base::SteadyClock::now() - before, 30ms);
}

TEST(AttendanceTest, NobodyComesBackToWhatIsOverAndNobodyWaitsForThat) {
  const auto stop = stop_with(0);
  Attendance attendance(2);
  attendance.leave();
  std::thread last([&] { attendance.leave(); });
  EXPECT_FALSE(attendance.come_back_after(1h, stop.get()));
  last.join();
}

TEST(AttendanceTest, NobodyComesBackToAnEnvironmentThatIsShutDown) {
  const auto stop = stop_with(1);
  Attendance attendance(2);
  attendance.leave();
  EXPECT_FALSE(attendance.come_back_after(1h, stop.get()));
}
