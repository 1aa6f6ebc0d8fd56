// SPDX-License-Identifier: Apache-2.0
#include "proc/child/child.h"

#include "proc/run/run.h"
#include "support/process_target.h"
#include "support/process_tools.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using base::Deadline;
using proc::Child;
using proc::ExitState;

base::UniqueFd null_device() {
  return base::UniqueFd(::open("/dev/null", O_RDWR | O_CLOEXEC));
}

Child start(const std::vector<std::string>& arguments, int out = -1) {
  const auto null = null_device();
  const int answer = out >= 0 ? out : null.get();
  auto child =
      Child::start(support::target_command(arguments), {{0, null.get()}, {1, answer}, {2, null.get()}});
  return std::get<Child>(std::move(child));
}

TEST(ChildTest, EndIsSeenBeforeItIsReaped) {
  Child child = start({"exit", "3"});
  EXPECT_TRUE(child.wait_until(Deadline::after(20s)));
  EXPECT_EQ(support::children_of(::getpid()), std::vector<pid_t>{child.pid()}) << "a zombie, still";
  EXPECT_EQ(child.reap().state, ExitState::exited(3));
  EXPECT_TRUE(support::children_of(::getpid()).empty());
}

// Within the milliseconds in which this process opens, watches, and writes into what belongs to the child.
TEST(ChildTest, TwoHundredThatEndBetweenAnyTwoStepsOfOursKeepTheirStatus) {
  for (int i = 0; i < 200; ++i) {
    const auto seen =
        support::run_target({"usleep-exit", std::to_string(i % 40 * 200), std::to_string(i % 7)});
    ASSERT_EQ(seen.exited(), ExitState::exited(i % 7)) << i;
  }
  EXPECT_EQ(support::children_of(::getpid()), std::vector<pid_t>());
}

TEST(ChildTest, WaitEndsAtItsLimit) {
  const Child child = start({"sleep", "60000"});
  EXPECT_FALSE(child.wait_until(Deadline::after(50ms)));
  EXPECT_TRUE(support::is_alive(child.pid()));
}

TEST(ChildTest, DestructorKillsAndReaps) {
  pid_t pid = -1;
  {
    const Child child = start({"ignore-term", "60000"});
    pid = child.pid();
    EXPECT_TRUE(support::is_alive(pid));
  }
  EXPECT_FALSE(support::is_alive(pid));
  EXPECT_TRUE(support::children_of(::getpid()).empty());
}

TEST(ChildTest, DestructorKillsTheGroup) {
  auto pipe = base::make_pipe();
  ASSERT_TRUE(pipe);
  std::string grandchild(16, '\0');
  {
    const Child child = start({"spawn-wait", "60000"}, pipe->write_end.get());
    ASSERT_GT(::read(pipe->read_end.get(), grandchild.data(), grandchild.size()), 0);
  }
  EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(std::stoi(grandchild)); })) << grandchild;
}

TEST(ChildTest, MovedFromChildLetsGo) {
  Child first = start({"sleep", "60000"});
  const pid_t pid = first.pid();
  {
    const Child second(std::move(first));
    EXPECT_EQ(second.pid(), pid);
    EXPECT_TRUE(support::is_alive(pid));
  }
  EXPECT_FALSE(support::is_alive(pid));
  first.signal_group(SIGKILL);  // to nobody: this process would be among those that kill(1) reaches
}

TEST(ChildTest, PeakMemoryIsThatOfTheLargestProcess) {
  Child child = start({"exit", "0"});
  ASSERT_TRUE(child.wait_until(Deadline::after(20s)));
  const auto ended = child.reap();
  EXPECT_GT(ended.usage.peak_memory_kib, 200u);
}

// A sibling that kept a copy of the pipe would hold it open for a minute.
TEST(ChildTest, ChildrenOfOtherThreadsDoNotHoldThePipe) {
  std::vector<std::jthread> others;
  for (int i = 0; i < 3; ++i)
    others.emplace_back([](const std::stop_token& stop) {
      std::vector<Child> sleepers;
      while (!stop.stop_requested() && sleepers.size() < 40) sleepers.push_back(start({"sleep", "60000"}));
      while (!stop.stop_requested()) std::this_thread::sleep_for(1ms);
    });
  for (int i = 0; i < 40; ++i) {
    auto pipe = base::make_pipe();
    ASSERT_TRUE(pipe);
    Child child = start({"exit", "0"}, pipe->write_end.get());
    pipe->write_end.reset();
    pollfd waited{pipe->read_end.get(), POLLIN, 0};
    EXPECT_EQ(::poll(&waited, 1, 20'000), 1) << i;
    EXPECT_TRUE(support::end_of(child).success());
  }
}

TEST(ChildTest, FourThreadsRunChildrenOfTheirOwn) {
  std::vector<std::jthread> workers;
  for (int worker = 0; worker < 4; ++worker)
    workers.emplace_back([worker] {
      for (int i = 0; i < 25; ++i) {
        const std::string word = std::to_string(worker) + "-" + std::to_string(i);
        EXPECT_EQ(support::run_target({"print-args", word}).out, word + "\n");
        EXPECT_EQ(support::run_target({"print-fds"}).out, "0 1 2\n");
        EXPECT_EQ(support::run_target({"exit", std::to_string(i)}).exited(), ExitState::exited(i));
      }
    });
}

}  // namespace
