// SPDX-License-Identifier: Apache-2.0
// Calls that are ended, and shells that do not do what they should.
#include "base/io/unique_fd.h"
#include "shell_fixture.h"

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <string>

namespace {

using namespace std::chrono_literals;
using base::Deadline;
using proc::ExitState;
using shell_test::Function;

class LimitedSink : public proc::ByteSink {
 public:
  bool take(std::string_view bytes) override {
    taken += bytes.size();
    return taken < 1'000'000;
  }
  std::size_t taken = 0;
};

TEST(ShellEndingTest, SleeperIsTerminatedAtItsDeadlineAndTheNextCallServed) {
  Function function("handler() { [[ $1 != sleep ]] || sleep 600; echo awake; }");
  const auto called = function.call("sleep", {.terminate_at = Deadline::after(200ms)});
  const auto* overdue = std::get_if<proc::Overdue>(&called.result.ending);
  ASSERT_NE(overdue, nullptr);
  EXPECT_EQ(overdue->state, ExitState::signaled(SIGTERM));
  EXPECT_LT(called.result.elapsed, 20s);
  for (int call = 0; call < 3; ++call) EXPECT_EQ(function.call().out, "awake\n");
}

TEST(ShellEndingTest, WhoIgnoresTermIsKilled) {
  Function function(
      "handler() { [[ $1 != stay ]] || { trap '' TERM; while :; do sleep 600; done; }; echo left; }");
  const auto called =
      function.call("stay", {.terminate_at = Deadline::after(200ms), .kill_at = Deadline::after(400ms)});
  const auto* overdue = std::get_if<proc::Overdue>(&called.result.ending);
  ASSERT_NE(overdue, nullptr);
  EXPECT_EQ(overdue->state, ExitState::signaled(SIGKILL));
  EXPECT_EQ(function.call().out, "left\n");
}

TEST(ShellEndingTest, TermTrapOfTheFunctionRuns) {
  Function function("handler() { trap 'echo bye >&2; exit 7' TERM; sleep 600 & wait; }");
  const auto called = function.call("{}", {.terminate_at = Deadline::after(300ms)});
  const auto* overdue = std::get_if<proc::Overdue>(&called.result.ending);
  ASSERT_NE(overdue, nullptr);
  EXPECT_EQ(overdue->state, ExitState::exited(7));
}

TEST(ShellEndingTest, StopDescriptorEndsTheCall) {
  auto pipe = base::make_pipe();
  ASSERT_TRUE(pipe);
  ASSERT_EQ(::write(pipe->write_end.get(), "x", 1), 1);
  Function function("handler() { sleep 600; }");
  const auto called = function.call("{}", {.stop_fd = pipe->read_end.get()});
  EXPECT_TRUE(std::holds_alternative<proc::Stopped>(called.result.ending));
  EXPECT_LT(called.result.elapsed, 20s);
}

TEST(ShellEndingTest, RefusedAnswerEndsTheCallAndNothingOfItComesLater) {
  Function function("handler() { [[ $1 != flood ]] || while :; do echo flood; done; echo \"$1\"; }");
  LimitedSink limited;
  const auto called = function.call("flood", {.out = &limited});
  const auto* refused = std::get_if<proc::Refused>(&called.result.ending);
  ASSERT_NE(refused, nullptr);
  EXPECT_EQ(refused->child_fd, 1);
  for (const std::string event : {"one", "two", "three"}) EXPECT_EQ(function.call(event).out, event + "\n");
}

TEST(ShellEndingTest, KilledShellFailsThatCallWithTheSignalAndIsReplaced) {
  Function function("handler() { [[ $1 != kill ]] || { kill -9 $$; sleep 600; }; echo \"$1\"; }");
  const auto called = function.call("kill");
  const auto* exited = std::get_if<proc::Exited>(&called.result.ending);
  ASSERT_NE(exited, nullptr);
  EXPECT_EQ(exited->state, ExitState::signaled(SIGKILL));
  EXPECT_NE(function.warnings().find("is replaced"), std::string::npos);
  for (const std::string event : {"one", "two", "three"}) EXPECT_EQ(function.call(event).out, event + "\n");
}

TEST(ShellEndingTest, ShellThatDiedWhileIdleIsReplacedBeforeTheNextCall) {
  Function function("handler() { echo $$; }");
  const auto shell = std::stoi(function.call().out);
  ::kill(shell, SIGKILL);
  ASSERT_TRUE(support::wait_for([&] { return !support::is_alive(shell); }));
  const auto called = function.call();
  EXPECT_EQ(called.status(), 0);
  EXPECT_NE(called.out, std::to_string(shell) + "\n");
}

TEST(ShellEndingTest, StoppedShellIsContinuedAndSaysHowTheCallEnded) {
  Function function("handler() { [[ $1 != stop ]] || { kill -STOP $$; exit 3; }; echo \"$1\"; }");
  EXPECT_EQ(function.call("stop").status(), 3);
  for (const std::string event : {"one", "two", "three"}) EXPECT_EQ(function.call(event).out, event + "\n");
  EXPECT_EQ(function.warnings(), "");
}

TEST(ShellEndingTest, KillingTheLastForksNumberHarmsNothing) {
  Function function(
      "handler() { [[ $1 != kill ]] || kill -9 $! 2>/dev/null; echo \"$1\"; "
      "}");
  for (const std::string event : {"one", "kill", "two", "kill", "kill", "three", "four"})
    EXPECT_EQ(function.call(event).out, event + "\n");
}

TEST(ShellEndingTest, NonsenseOnTheDriversDescriptorsHarmsThatCallAlone) {
  Function function(R"(handler() {
  [[ $1 != forge ]] || for n in {10..20} 255; do { echo nonsense >&$n; echo "wait 9 0" >&$n; } 2>/dev/null; done
  echo "$1"
})");
  for (const std::string event : {"one", "forge", "two", "forge", "three", "four"}) {
    const auto called = function.call(event);
    EXPECT_LT(called.result.elapsed, 20s);
    if (event != "forge") {
      EXPECT_EQ(called.out, event + "\n");
    }
  }
}

}  // namespace
