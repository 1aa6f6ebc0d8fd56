// SPDX-License-Identifier: Apache-2.0
// Children that are ended: by signals, deadlines, the stop descriptor and sinks that refuse.
#include "base/io/unique_fd.h"
#include "proc/run/run.h"
#include "support/process_target.h"
#include "support/process_tools.h"

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using base::Deadline;
using proc::ExitState;
using support::run_target;

// Readable from the start.
base::UniqueFd pulled_stop() {
  auto pipe = base::make_pipe();
  EXPECT_TRUE(pipe);
  EXPECT_EQ(::write(pipe->write_end.get(), "x", 1), 1);
  return std::move(pipe->read_end);
}

// Asks for something the first time that output comes.
class TriggerSink : public proc::ByteSink {
 public:
  explicit TriggerSink(int stop_writer) : stop_writer_(stop_writer) {}
  bool take(std::string_view) override { return ::write(stop_writer_, "x", 1) == 1; }

 private:
  int stop_writer_;
};

class LimitedSink : public proc::ByteSink {
 public:
  bool take(std::string_view bytes) override {
    taken += bytes.size();
    return taken < 1'000'000;
  }
  std::size_t taken = 0;
};

TEST(EndingTest, EverySignalThatKillsIsReported) {
  const std::set<int> harmless = {SIGCHLD, SIGCONT, SIGURG, SIGWINCH};
  const std::set<int> stopping = {SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU};  // the tests below
  for (int signal = 1; signal <= 64; ++signal) {
    if (stopping.contains(signal)) continue;
    const auto expected = harmless.contains(signal) ? ExitState::exited(0) : ExitState::signaled(signal);
    EXPECT_EQ(run_target({"kill-self", std::to_string(signal)}).exited(), expected) << signal;
  }
}

TEST(EndingTest, ExitNineIsNotSignalNine) {
  EXPECT_EQ(run_target({"exit", "9"}).exited(), ExitState::exited(9));
  EXPECT_EQ(run_target({"kill-self", "9"}).exited(), ExitState::signaled(9));
}

TEST(EndingTest, SleeperIsTerminatedAtItsDeadline) {
  const auto seen = run_target({"sleep", "60000"}, {.terminate_at = Deadline::after(100ms)});
  const auto* overdue = std::get_if<proc::Overdue>(&seen.result.ending);
  ASSERT_NE(overdue, nullptr);
  EXPECT_EQ(overdue->state, ExitState::signaled(SIGTERM));
  EXPECT_GE(seen.result.elapsed, 100ms);
  EXPECT_LT(seen.result.elapsed, 20s);
}

TEST(EndingTest, WhoIgnoresTermIsKilledAtTheSecondDeadlineAndNotBefore) {
  const auto seen = run_target({"ignore-term", "60000"},
                               {.terminate_at = Deadline::after(1s), .kill_at = Deadline::after(1300ms)});
  const auto* overdue = std::get_if<proc::Overdue>(&seen.result.ending);
  ASSERT_NE(overdue, nullptr);
  EXPECT_EQ(overdue->state, ExitState::signaled(SIGKILL));
  EXPECT_EQ(seen.out, "ready\n");
  EXPECT_GE(seen.result.elapsed, 1300ms);
  EXPECT_LT(seen.result.elapsed, 20s);
}

TEST(EndingTest, KillDeadlineAloneEndsTheChild) {
  const auto seen = run_target({"ignore-term", "60000"}, {.kill_at = Deadline::after(100ms)});
  const auto* overdue = std::get_if<proc::Overdue>(&seen.result.ending);
  ASSERT_NE(overdue, nullptr);
  EXPECT_EQ(overdue->state, ExitState::signaled(SIGKILL));
}

TEST(EndingTest, WhoEndsBeforeItsDeadlineHasExited) {
  const auto seen =
      run_target({"exit", "0"}, {.terminate_at = Deadline::after(60s), .kill_at = Deadline::after(60s)});
  EXPECT_EQ(seen.exited(), ExitState::exited(0));
}

TEST(EndingTest, WhoEndedWhileASinkWasSlowIsNotOverdue) {
  class SleepingSink : public proc::ByteSink {
   public:
    bool take(std::string_view) override {
      ::usleep(500'000);
      return true;
    }
  } out;
  const auto seen =
      run_target({"print-cwd"}, {.outputs = {{1, &out}}, .terminate_at = Deadline::after(400ms)});
  EXPECT_EQ(seen.exited(), ExitState::exited(0));
}

TEST(EndingTest, DeadlineIsKeptWhileTheChildFloods) {
  const auto seen = run_target({"flood", "stdout", "60000000000"}, {.terminate_at = Deadline::after(100ms)});
  EXPECT_TRUE(std::holds_alternative<proc::Overdue>(seen.result.ending));
  EXPECT_LT(seen.result.elapsed, 20s);
}

TEST(EndingTest, StoppedChildIsTerminatedAllTheSame) {
  const auto seen = run_target({"stop-self"}, {.terminate_at = Deadline::after(100ms)});
  const auto* overdue = std::get_if<proc::Overdue>(&seen.result.ending);
  ASSERT_NE(overdue, nullptr);
  EXPECT_EQ(overdue->state, ExitState::signaled(SIGTERM));
}

TEST(EndingTest, StoppedChildIsKilledAllTheSame) {
  const auto seen = run_target({"stop-self"}, {.kill_at = Deadline::after(100ms)});
  const auto* overdue = std::get_if<proc::Overdue>(&seen.result.ending);
  ASSERT_NE(overdue, nullptr);
  EXPECT_EQ(overdue->state, ExitState::signaled(SIGKILL));
}

TEST(EndingTest, ChildOfTheChildGoesWithIt) {
  const auto seen = run_target({"spawn-wait", "60000"}, {.terminate_at = Deadline::after(1s)});
  ASSERT_TRUE(std::holds_alternative<proc::Overdue>(seen.result.ending));
  ASSERT_NE(seen.out, "");
  EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(std::stoi(seen.out)); })) << seen.out;
}

TEST(EndingTest, LeaderThatLeftItsGroupIsEnded) {
  const auto seen = run_target({"leave-group", "60000"}, {.terminate_at = Deadline::after(1s)});
  EXPECT_TRUE(std::holds_alternative<proc::Overdue>(seen.result.ending));
  EXPECT_EQ(seen.out, "ready\n");
  EXPECT_LT(seen.result.elapsed, 20s);
}

TEST(EndingTest, StopDescriptorTerminates) {
  const auto stop = pulled_stop();
  const auto seen = run_target({"sleep", "60000"}, {.stop_fd = stop.get()});
  const auto* stopped = std::get_if<proc::Stopped>(&seen.result.ending);
  ASSERT_NE(stopped, nullptr);
  EXPECT_EQ(stopped->state, ExitState::signaled(SIGTERM));
  EXPECT_LT(seen.result.elapsed, 20s);
}

TEST(EndingTest, StopDescriptorKillsAfterTheGrace) {
  auto stop = base::make_pipe();
  ASSERT_TRUE(stop);
  TriggerSink out(stop->write_end.get());
  const auto seen =
      run_target({"ignore-term", "60000"},
                 {.outputs = {{1, &out}}, .stop_fd = stop->read_end.get(), .stop_grace = 100ms});
  const auto* stopped = std::get_if<proc::Stopped>(&seen.result.ending);
  ASSERT_NE(stopped, nullptr);
  EXPECT_EQ(stopped->state, ExitState::signaled(SIGKILL));
  EXPECT_GE(seen.result.elapsed, 100ms);
  EXPECT_LT(seen.result.elapsed, 20s);
}

TEST(EndingTest, StopDescriptorWhoseOtherEndIsGoneCounts) {
  auto stop = base::make_pipe();
  ASSERT_TRUE(stop);
  stop->write_end.reset();
  const auto seen = run_target({"sleep", "60000"}, {.stop_fd = stop->read_end.get()});
  EXPECT_TRUE(std::holds_alternative<proc::Stopped>(seen.result.ending));
}

TEST(EndingTest, RefusalEndsTheChildAtOnce) {
  LimitedSink out;
  const auto seen = run_target({"flood", "stdout", "60000000000"}, {.outputs = {{1, &out}}});
  const auto* refused = std::get_if<proc::Refused>(&seen.result.ending);
  ASSERT_NE(refused, nullptr);
  EXPECT_EQ(refused->child_fd, 1);
  EXPECT_LT(out.taken, 1'100'000u) << "a refused sink was asked again";
  EXPECT_LT(seen.result.elapsed, 20s);
}

TEST(EndingTest, RefusalWhileDrainingIsARefusal) {
  class RefusingSink : public proc::ByteSink {
   public:
    bool take(std::string_view) override { return false; }
  } out;
  const auto seen = run_target({"stderr-exit", "words", "0"}, {.outputs = {{2, &out}}});
  const auto* refused = std::get_if<proc::Refused>(&seen.result.ending);
  ASSERT_NE(refused, nullptr);
  EXPECT_EQ(refused->child_fd, 2);
}

TEST(EndingTest, FirstReasonIsReported) {
  const auto stop = pulled_stop();
  const auto seen = run_target({"ignore-term", "60000"}, {.terminate_at = Deadline::after(10min),
                                                          .kill_at = Deadline::after(10min),
                                                          .stop_fd = stop.get(),
                                                          .stop_grace = 50ms});
  EXPECT_TRUE(std::holds_alternative<proc::Stopped>(seen.result.ending));
}

}  // namespace
