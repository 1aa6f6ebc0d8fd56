// SPDX-License-Identifier: Apache-2.0
// Deadlines, shutdown, and what is left running.
#include "base/deadline.h"

#include "support/bootstrap_process.h"
#include "support/lateness.h"
#include "support/process_tools.h"

#include <csignal>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;
using support::Event;
using namespace std::chrono_literals;

class DeadlineTest : public testing::Test {
 protected:
  void start_script(const std::string& script, std::map<std::string, std::string> environment = {}) {
    bootstrap_.task_root.write("handler.sh", "#!/bin/sh\n" + script, 0755);
    bootstrap_.start({.handler = "handler.sh", .arguments = {}, .environment = std::move(environment)});
  }

  Event due_in(std::chrono::milliseconds time, const std::string& id = "late") {
    return {.id = id, .body = id, .deadline_ms = (base::unix_now() + time).count()};
  }

  // The number that a handler wrote into a file of the task root.
  pid_t pid_in(const std::string& name) {
    EXPECT_TRUE(support::wait_for(
        [&] { return static_cast<bool>(std::ifstream(bootstrap_.task_root / name) >> pid_); }));
    return pid_;
  }

  support::BootstrapProcess bootstrap_;
  pid_t pid_ = -1;
};

std::string message_of(const support::RecordedRequest& post) {
  return json::parse(post.body, nullptr, false).value("errorMessage", post.body);
}

}  // namespace

TEST_F(DeadlineTest, AHandlerThatIgnoresSigtermIsAnsweredBeforeItsDeadlineAndTheEnvironmentLivesOn) {
  // A busy handler with a child of its own; the next event is answered at once by the same process.
  start_script(
      "[ \"$(cat)\" = late ] || { echo $PPID; exit; }\n"
      "trap '' TERM; sleep 61 & echo $! > grandchild; while :; do sleep 0.05; done");
  const support::Lateness lateness;
  const auto asked = std::chrono::steady_clock::now();
  const auto post = bootstrap_.invoke(due_in(2s));
  EXPECT_LT(std::chrono::steady_clock::now() - asked, 2s + lateness.room());
  EXPECT_EQ(post.header("Lambda-Runtime-Function-Error-Type"), "Function.Timeout");
  EXPECT_TRUE(message_of(post).starts_with("Task timed out after ")) << message_of(post);
  EXPECT_EQ(bootstrap_.invoke(due_in(60s, "next")).body, std::to_string(bootstrap_.pid()) + "\n");
  const auto grandchild = pid_in("grandchild");
  EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(grandchild); }));
  EXPECT_TRUE(support::wait_for([&] { return support::children_of(bootstrap_.pid()).empty(); }));
}

TEST_F(DeadlineTest, AHandlerThatHeedsSigtermMayCleanUp) {
  // Half of the margin lies between SIGTERM and SIGKILL.
  start_script("trap 'echo cleaned > cleaned; exit 0' TERM; sleep 62 & wait",
               {{"SHELLSTRAP_DEADLINE_MARGIN_MS", "6000"}});
  const auto post = bootstrap_.invoke(due_in(9s));
  EXPECT_EQ(post.header("Lambda-Runtime-Function-Error-Type"), "Function.Timeout");
  EXPECT_EQ(::access((bootstrap_.task_root / "cleaned").c_str(), F_OK), 0);
}

TEST_F(DeadlineTest, ADeadlineInThePastIsATimeoutWithoutAStart) {
  start_script("echo ran > ran");
  const auto post = bootstrap_.invoke(due_in(-1s));
  EXPECT_EQ(post.header("Lambda-Runtime-Function-Error-Type"), "Function.Timeout");
  EXPECT_NE(::access((bootstrap_.task_root / "ran").c_str(), F_OK), 0);
}

TEST_F(DeadlineTest, AnAbsurdDeadlineIsNoDeadline) {
  start_script("echo ran");
  for (const auto off : {std::chrono::milliseconds(24h * 365 * 9), std::chrono::milliseconds(-24h * 365)})
    EXPECT_EQ(bootstrap_.invoke(due_in(off)).body, "ran\n");
}

TEST_F(DeadlineTest, AMissingDeadlineIsNoDeadline) {
  start_script("echo ran");
  bootstrap_.api.push_next(
      support::Reply::event(Event{.id = "a"}).without_header("Lambda-Runtime-Deadline-Ms"));
  EXPECT_EQ(bootstrap_.wait_for_post().body, "ran\n");
}

TEST_F(DeadlineTest, AnOwnTimeoutEndsAHandlerEarlier) {
  start_script("sleep 60", {{"SHELLSTRAP_TIMEOUT_MS", "300"}});
  const auto started = base::SteadyClock::now();
  const auto post = bootstrap_.invoke(due_in(60s));
  EXPECT_LT(base::SteadyClock::now() - started, 10s);
  EXPECT_NE(message_of(post).find("Task timed out after 0.30 seconds"), std::string::npos)
      << message_of(post);
}

TEST_F(DeadlineTest, AMarginOfZeroLeavesTheHandlerRunningToTheDeadlineAndBeyond) {
  auto variables = support::kOneWorker;  // of several, none is left to a handler that does not end
  variables["SHELLSTRAP_DEADLINE_MARGIN_MS"] = "0";
  start_script("sleep 3.2; echo late", variables);
  EXPECT_EQ(bootstrap_.invoke(due_in(3s)).body, "late\n");
}

TEST_F(DeadlineTest, SigtermEndsAnIdleBootstrapAtOnceWithStatusZero) {
  start_script("echo hi");
  bootstrap_.invoke();
  bootstrap_.wait_until_idle();
  bootstrap_.signal(SIGTERM);
  EXPECT_EQ(bootstrap_.wait_for_end(), proc::ExitState::exited(0));
}

TEST_F(DeadlineTest, SigtermEndsARunningHandlerAnswersAndLeavesNothing) {
  start_script(
      "trap '' TERM; echo $$ > handler; sleep 62 & echo $! > grandchild; while :; do sleep 0.05; done");
  bootstrap_.api.push_event(due_in(60s));
  const auto handler = pid_in("handler");
  const auto grandchild = pid_in("grandchild");
  const auto asked = base::SteadyClock::now();
  bootstrap_.signal(SIGTERM);
  const auto post = bootstrap_.wait_for_post();
  EXPECT_EQ(post.header("Lambda-Runtime-Function-Error-Type"), "Runtime.Shutdown");
  EXPECT_EQ(bootstrap_.wait_for_end(), proc::ExitState::exited(0));
  EXPECT_LT(base::SteadyClock::now() - asked, 5s);  // 300 ms on an idle machine
  EXPECT_TRUE(
      support::wait_for([&] { return !support::is_alive(handler) && !support::is_alive(grandchild); }));
}

TEST_F(DeadlineTest, AKilledBootstrapTakesItsHandlerAlong) {
  start_script("echo $$ > handler; exec sleep 63");
  bootstrap_.api.push_event(due_in(60s));
  const auto handler = pid_in("handler");
  bootstrap_.signal(SIGKILL);
  EXPECT_EQ(bootstrap_.wait_for_end(), proc::ExitState::signaled(SIGKILL));
  EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(handler); }));
}
