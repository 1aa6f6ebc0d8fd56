// SPDX-License-Identifier: Apache-2.0
#include "runtime/call/schedule.h"

#include <gtest/gtest.h>

using namespace std::chrono_literals;
using runtime::plan_schedule;
using runtime::Schedule;
using runtime::Settings;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kNow = 1'700'000'000'000ms;

// Schedules are built on the running clock: equal means within 50 ms below.
void expect_left(const base::Deadline& deadline, milliseconds expected) {
  ASSERT_FALSE(deadline.is_never());
  EXPECT_LE(deadline.remaining(), expected);
  EXPECT_GT(deadline.remaining(), expected - 50ms);
}

}  // namespace

TEST(MarginTest, IsATenthWithinItsBoundsAndNeverOverHalf) {
  EXPECT_EQ(runtime::default_margin(100s), 500ms);
  EXPECT_EQ(runtime::default_margin(3s), 300ms);
  EXPECT_EQ(runtime::default_margin(1s), 200ms);
  EXPECT_EQ(runtime::default_margin(300ms), 150ms);
  EXPECT_EQ(runtime::default_margin(0ms), 0ms);
}

TEST(ScheduleTest, TheChildIsEndedBeforeTheDeadline) {
  const auto schedule = plan_schedule(kNow + 3s, kNow, {});
  expect_left(schedule.terminate_at, 2700ms);
  expect_left(schedule.kill_at, 2850ms);
  expect_left(schedule.service_deadline, 3s);
  EXPECT_EQ(schedule.allotted, 3s);
}

TEST(ScheduleTest, TheWayToUsIsNotTakenOffTheTimeoutInMessages) {
  EXPECT_EQ(plan_schedule(kNow + 2998ms, kNow, {}).allotted, 3s);
  EXPECT_EQ(plan_schedule(kNow + 2500ms, kNow, {}).allotted, 2500ms);
}

TEST(ScheduleTest, AMarginOfZeroLeavesTheEndToTheService) {
  Settings settings;
  settings.deadline_margin = 0ms;
  const auto schedule = plan_schedule(kNow + 3s, kNow, settings);
  EXPECT_TRUE(schedule.terminate_at.is_never());
  EXPECT_TRUE(schedule.kill_at.is_never());
}

TEST(ScheduleTest, ASetMarginIsUsedButNotBeyondTheTimeLeft) {
  Settings settings;
  settings.deadline_margin = 1s;
  expect_left(plan_schedule(kNow + 3s, kNow, settings).terminate_at, 2s);
  EXPECT_TRUE(plan_schedule(kNow + 500ms, kNow, settings).terminate_at.passed());
}

TEST(ScheduleTest, ADeadlineInThePastIsLate) {
  EXPECT_TRUE(plan_schedule(kNow - 1ms, kNow, {}).already_late);
  EXPECT_TRUE(plan_schedule(kNow, kNow, {}).already_late);
  EXPECT_TRUE(plan_schedule(kNow - 23h, kNow, {}).already_late);
}

TEST(ScheduleTest, AnAbsentOrAbsurdDeadlineIsNoLimit) {
  const std::optional<milliseconds> absent;
  for (const auto deadline :
       {absent, std::optional(kNow + 25h), std::optional(kNow - 25h), std::optional<milliseconds>(0ms),
        std::optional<milliseconds>(-5ms), std::optional(milliseconds::max())}) {
    const auto schedule = plan_schedule(deadline, kNow, {});
    EXPECT_TRUE(schedule.terminate_at.is_never());
    EXPECT_TRUE(schedule.service_deadline.is_never());
    EXPECT_FALSE(schedule.already_late);
  }
}

TEST(ScheduleTest, AnOwnTimeoutShortensAndNeverExtends) {
  Settings settings;
  settings.timeout = 1s;
  const auto shorter = plan_schedule(kNow + 3s, kNow, settings);
  expect_left(shorter.terminate_at, 1s);
  EXPECT_EQ(shorter.allotted, 1s);

  settings.timeout = 10s;
  const auto longer = plan_schedule(kNow + 3s, kNow, settings);
  expect_left(longer.terminate_at, 2700ms);
  EXPECT_EQ(longer.allotted, 3s);
}

TEST(ScheduleTest, AnOwnTimeoutCountsWithoutADeadline) {
  Settings settings;
  settings.timeout = 1s;
  const auto schedule = plan_schedule(std::nullopt, kNow, settings);
  expect_left(schedule.terminate_at, 1s);
  expect_left(schedule.kill_at, 1250ms);
}
