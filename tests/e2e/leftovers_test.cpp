// SPDX-License-Identifier: Apache-2.0
// Leftovers that do not end, and programs that do not start: what they cost, through the real bootstrap.
#include "base/deadline.h"
#include "support/bootstrap_process.h"
#include "support/lateness.h"
#include "support/paths.h"
#include "support/process_tools.h"
#include "support/tracer.h"

#include <csignal>
#include <fstream>
#include <map>
#include <string>

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using support::Tracer;

constexpr const char* kWorkers = "AWS_LAMBDA_MAX_CONCURRENCY";

class LeftoversTest : public testing::Test {
 protected:
  void start(const std::string& script, const std::string& workers, std::vector<std::string> through = {}) {
    bootstrap_.task_root.write("handler.sh", "#!/bin/sh\n" + script, 0755);
    bootstrap_.start({.handler = "handler.sh",
                      .arguments = {},
                      .environment = {{kWorkers, workers}},
                      .through = std::move(through)});
    bootstrap_.wait_until_idle();
  }

  // That none of so many calls, one after the other, took seconds, as each of them once did.
  void expect_quick_calls(int count) {
    const support::Lateness lateness;
    const auto began = base::SteadyClock::now();
    for (int i = 0; i < count; ++i) EXPECT_EQ(bootstrap_.invoke("quick").body, "done\n");
    EXPECT_LT(base::SteadyClock::now() - began, count * 2s + lateness.room());
  }

  void expect_quick_end() {
    const support::Lateness lateness;
    const auto began = base::SteadyClock::now();
    bootstrap_.signal(SIGTERM);
    EXPECT_EQ(bootstrap_.wait_for_end(), proc::ExitState::exited(0));
    EXPECT_LT(base::SteadyClock::now() - began, 3s + lateness.room());
  }

  [[nodiscard]] std::string file(const std::string& name) const { return bootstrap_.task_root / name; }

  support::BootstrapProcess bootstrap_;
};

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// The call of "leave" leaves a process, and ends when it may.
const char* const kLeaves =
    "[ $(cat) = leave ] && { setsid sleep 300 >/dev/null 2>&1 & echo $! >pid.tmp; mv pid.tmp pid\n"
    "while [ ! -e go ]; do sleep 0.01; done; }\n"
    "echo done\n";

TEST_F(LeftoversTest, OneThatDoesNotDieIsWarnedOfOnceAndDelaysNoCall) {
  Tracer tracer(Tracer::Hold::in_exit);
  start(kLeaves, "4");
  bootstrap_.api.push_event({.id = "leave", .body = "leave"});
  pid_t pid = -1;
  ASSERT_TRUE(support::wait_for([&] { return bool(std::ifstream(file("pid")) >> pid); }));
  if (!tracer.seize(pid)) GTEST_SKIP() << "nothing can be traced here, as in qemu-user";
  bootstrap_.task_root.write("go", "");
  EXPECT_EQ(bootstrap_.wait_for_post().body, "done\n");
  expect_quick_calls(12);
  bootstrap_.wait_until_idle();
  EXPECT_EQ(count_of(bootstrap_.log(), "process " + std::to_string(pid) + " ("), 1U) << bootstrap_.log();
  EXPECT_TRUE(support::is_alive(pid));
  expect_quick_end();
}

TEST_F(LeftoversTest, ThoseThatContinueEachOtherDelayNoCallAndNoEnd) {
  start("[ $(cat) = leave ] || { echo done; exit; }\nexec " + support::target_program() +
            " continue-each-other 4 120",
        "4");
  for (int i = 0; i < 3; ++i) {
    bootstrap_.invoke("leave");
    expect_quick_calls(2);
  }
  bootstrap_.invoke("leave");
  expect_quick_end();
}

TEST_F(LeftoversTest, AnExecThatHangsCostsNoOtherWorkerAndNoEnd) {
  if (support::bootstrap_is_emulated()) GTEST_SKIP() << "qemu-user holds no execs";
  start(kLeaves, "3", {support::target_program(), "hold-exec", file("hold")});
  bootstrap_.task_root.write("go", "");
  bootstrap_.task_root.write("hold", "");
  bootstrap_.api.push_event({.id = "hangs", .body = "quick"});
  ASSERT_TRUE(support::wait_for([&] { return !std::ifstream(file("hold")); }));
  expect_quick_calls(4);
  EXPECT_EQ(bootstrap_.invoke("leave").body, "done\n");
  pid_t pid = -1;
  std::ifstream(file("pid")) >> pid;
  EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(pid); })) << "leftovers are ended meanwhile";
  expect_quick_end();
}

TEST_F(LeftoversTest, AnExecThatHangsTheOnlyWorkerDoesNotKeepTheProcessFromEnding) {
  if (support::bootstrap_is_emulated()) GTEST_SKIP() << "qemu-user holds no execs";
  start("echo done", "", {support::target_program(), "hold-exec", file("hold")});
  bootstrap_.task_root.write("hold", "");
  bootstrap_.api.push_event({.id = "hangs", .body = "quick"});
  ASSERT_TRUE(support::wait_for([&] { return !std::ifstream(file("hold")); }));
  expect_quick_end();
}

}  // namespace
