// SPDX-License-Identifier: Apache-2.0
// What does not die, does not start, or is continued for ever: nobody waits for it, and nobody for its sake.
#include "proc/child/family.h"
#include "proc/run/run.h"
#include "proc/tree/process_tree.h"
#include "support/process_target.h"
#include "support/process_tools.h"
#include "support/temp_dir.h"
#include "support/tracer.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using base::Deadline;
using proc::Child;
using proc::ExitState;
using proc::Family;
using support::Tracer;

#define SKIP_WITHOUT_TRACING(tracer, pid) \
  if (!(tracer).seize(pid)) GTEST_SKIP() << "nothing can be traced here, as in qemu-user"

std::variant<Child, proc::LaunchError> start_target(Family& family,
                                                    const std::vector<std::string>& arguments) {
  const base::UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  return family.start(support::target_command(arguments),
                      {{0, null.get()}, {1, null.get()}, {2, null.get()}});
}

ExitState end_of_target(Family& family, const std::vector<std::string>& arguments) {
  auto child = std::get<Child>(start_target(family, arguments));
  return support::end_of(child);
}

Child started(Family& family, const std::vector<std::string>& arguments) {
  return std::get<Child>(start_target(family, arguments));
}

// A sentence for each process that is left behind; any thread.
class Warnings {
 public:
  Family::Warn sink() {
    return [this](const std::string& sentence) {
      const std::lock_guard lock(mutex_);
      sentences_.push_back(sentence);
    };
  }
  std::vector<std::string> all() {
    const std::lock_guard lock(mutex_);
    return sentences_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> sentences_;
};

// A process that nobody answers for, below this one.
pid_t leave_sleeper(Family& family) {
  const support::TempDir folder;
  const auto path = folder / "pid";
  const base::UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  auto started =
      family.start({"/bin/sh", {"sh", "-c", "sleep 300 & echo $! >" + path}, {"PATH=/usr/bin:/bin"}, ""},
                   {{0, null.get()}, {1, null.get()}, {2, null.get()}});
  support::end_of(std::get<Child>(started));
  pid_t pid = -1;
  std::ifstream(path) >> pid;
  return pid;
}

TEST(UndyingTest, TheStatusOfAZombieThatSomebodyTracesIsLostAndNobodyWaitsForIt) {
  Tracer tracer(Tracer::Hold::as_zombie);
  Family family;
  auto child = started(family, {"sleep", "300000"});
  SKIP_WITHOUT_TRACING(tracer, child.pid());
  const pid_t pid = child.pid();
  ::kill(pid, SIGKILL);
  auto reaped = std::async(std::launch::async, [&] { return child.reap(); });
  if (reaped.wait_for(20s) != std::future_status::ready) {
    ADD_FAILURE() << "it waits for the tracer";
    tracer.let_go();
  }
  EXPECT_EQ(reaped.get().lost, "another process traces it and keeps its status");
  EXPECT_EQ(family.sweep(), 0U) << "who has ended is not killed";
  tracer.let_go();
  EXPECT_TRUE(support::wait_for([&] {
    family.reap_ended();
    return proc::process_stat(pid).state == 'X';
  })) << "it is reaped when it can be";
}

TEST(UndyingTest, AChildThatDoesNotDieIsLeftToTheFamilyWithOneWarning) {
  Tracer tracer(Tracer::Hold::in_exit);
  Warnings warnings;
  Family family(-1, warnings.sink());
  pid_t pid = -1;
  {
    auto child = started(family, {"sleep", "300000"});
    pid = child.pid();
    SKIP_WITHOUT_TRACING(tracer, pid);
  }
  const auto once = warnings.all();
  ASSERT_EQ(once.size(), 1U);
  EXPECT_TRUE(once[0].starts_with("process " + std::to_string(pid) + " (")) << once[0];
  EXPECT_NE(once[0].find("another process traces and holds it"), std::string::npos) << once[0];
  EXPECT_EQ(family.sweep(), 0U);
  EXPECT_EQ(warnings.all(), once);
  tracer.let_go();
  EXPECT_TRUE(support::wait_for([&] {
    family.reap_ended();
    return proc::process_stat(pid).state == 'X';
  }));
}

TEST(UndyingTest, ARunThatSigkillDoesNotEndIsAnsweredAllTheSame) {
  Tracer tracer(Tracer::Hold::in_exit);
  Family family;
  const support::TempDir folder;
  const proc::Command command{"/bin/sh",
                              {"sh", "-c", "echo $$ >pid.tmp; mv pid.tmp pid; exec sleep 300"},
                              {"PATH=/usr/bin:/bin"},
                              folder.path()};
  const base::UniqueFd stop(::eventfd(0, EFD_CLOEXEC));
  auto run = std::async(std::launch::async, [&] {
    return support::observe(command, {.stop_fd = stop.get(), .stop_grace = 0ms, .family = &family}).result;
  });
  pid_t pid = -1;
  ASSERT_TRUE(support::wait_for([&] { return bool(std::ifstream(folder / "pid") >> pid); }));
  const bool held = tracer.seize(pid);
  ::eventfd_write(stop.get(), 1);
  const bool answered = run.wait_for(20s) == std::future_status::ready;
  tracer.let_go();
  const auto result = run.get();
  if (!held) GTEST_SKIP() << "nothing can be traced here, as in qemu-user";
  EXPECT_TRUE(answered) << "it waits for what does not die";
  EXPECT_TRUE(std::holds_alternative<proc::Stopped>(result.ending));
}

TEST(UndyingTest, ALeftoverThatDoesNotDieIsWaitedForAndWarnedOfOnce) {
  Tracer tracer(Tracer::Hold::in_exit);
  Warnings warnings;
  Family family(-1, warnings.sink());
  const pid_t pid = leave_sleeper(family);
  SKIP_WITHOUT_TRACING(tracer, pid);
  EXPECT_EQ(family.sweep(), 1U);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(family.sweep(), 0U) << "it was killed again";
  const auto sentences = warnings.all();
  ASSERT_EQ(sentences.size(), 1U);
  EXPECT_TRUE(sentences[0].starts_with("process " + std::to_string(pid) + " (")) << sentences[0];

  const pid_t next = leave_sleeper(family);
  EXPECT_EQ(family.sweep(), 1U) << "others are ended beside it";
  EXPECT_FALSE(support::is_alive(next));
  tracer.let_go();
  EXPECT_TRUE(support::wait_for([&] {
    family.sweep();
    return proc::process_stat(pid).state == 'X';
  }));
  EXPECT_EQ(warnings.all().size(), 1U);
}

TEST(UndyingTest, WhoContinuesEachOtherIsEndedAllTheSame) {
  Family family;
  ASSERT_TRUE(end_of_target(family, {"continue-each-other", "4", "60"}).success());
  const auto began = base::SteadyClock::now();
  EXPECT_EQ(family.sweep(), 4U);
  EXPECT_LT(base::SteadyClock::now() - began, 4s) << "at the limit, not before";
  EXPECT_EQ(family.sweep(), 0U);
}

// The sweep hangs where it tells of a survivor: as long as a sweep ever may.
TEST(UndyingTest, WhileOneThreadSweepsOthersStartReapAndSweep) {
  Tracer tracer(Tracer::Hold::in_exit);
  std::promise<void> entered;
  std::promise<void> leave;
  Family family(-1, [&, left = leave.get_future().share()](const std::string&) {
    entered.set_value();
    left.wait();
  });
  SKIP_WITHOUT_TRACING(tracer, leave_sleeper(family));
  auto sweep = std::async(std::launch::async, [&] { return family.sweep(); });
  entered.get_future().wait();
  auto other = std::async(std::launch::async, [&] {
    const auto state = end_of_target(family, {"exit", "3"});
    leave_sleeper(family);
    family.reap_ended();
    return std::pair(state, family.sweep());
  });
  const bool was_free = other.wait_for(20s) == std::future_status::ready;
  leave.set_value();
  EXPECT_TRUE(was_free) << "it waits for the sweep";
  EXPECT_EQ(other.get(), std::pair(ExitState::exited(3), std::size_t{0}));
  EXPECT_EQ(sweep.get(), 2U) << "who gave up has left the rest to it";
}

// Told before it begins, it kills and does not wait at all, so that it does not even find out who survives.
TEST(UndyingTest, WhoIsToldToStopWaitsForNobody) {
  Tracer tracer(Tracer::Hold::in_exit);
  const base::UniqueFd stop(::eventfd(1, EFD_CLOEXEC));
  Family family;
  const pid_t pid = leave_sleeper(family);
  SKIP_WITHOUT_TRACING(tracer, pid);
  const auto others = [pid](pid_t other) { return other != pid; };
  const auto stopped = proc::end_below(::getpid(), others, Deadline::after(20s), stop.get());
  EXPECT_EQ(stopped.killed, 1U);
  EXPECT_FALSE(stopped.complete);
  EXPECT_EQ(stopped.survivors.size(), 0U);
  const auto waited = proc::end_below(::getpid(), others, Deadline::after(20s));
  EXPECT_FALSE(waited.complete);
  ASSERT_EQ(waited.survivors.size(), 1U);
  EXPECT_EQ(waited.survivors[0].pid, pid);
}

TEST(UndyingTest, NoSweepEndsWhatAnotherThreadStartsMeanwhile) {
  Family family;
  std::atomic<bool> over = false;
  std::vector<std::jthread> sweepers;
  for (int i = 0; i < 2; ++i)
    sweepers.emplace_back([&] {
      while (!over) family.sweep();
    });
  std::vector<std::jthread> workers;
  for (int worker = 0; worker < 3; ++worker)
    workers.emplace_back([&] {
      for (int i = 0; i < 100; ++i) {
        auto child = started(family, {"usleep-exit", std::to_string(i % 7 * 300), std::to_string(i)});
        ASSERT_TRUE(child.wait_until(Deadline::after(60s)));
        const auto ended = child.reap();
        ASSERT_EQ(ended.state, ExitState::exited(i)) << ended.lost.value_or("it was killed");
      }
    });
  workers.clear();
  over = true;
}

// Execs of the calling thread, and of what it starts, hang until the descriptor is closed.
int hold_execs() {
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execve, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter{4, program};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
  return static_cast<int>(
      ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter));
}

TEST(UndyingTest, AnExecThatHangsCostsItsOwnThreadOnly) {
  Family family;
  std::promise<int> holding;
  auto hanging = std::async(std::launch::async, [&] {
    holding.set_value(hold_execs());
    const auto child = start_target(family, {"exit", "3"});
    const auto* error = std::get_if<proc::LaunchError>(&child);
    return error != nullptr ? error->call : "started";
  });
  base::UniqueFd listener(holding.get_future().get());
  if (!listener.valid()) GTEST_SKIP() << "no execs can be held here, as in qemu-user";
  ASSERT_TRUE(support::wait_for([] { return !support::children_of(::getpid()).empty(); }));
  const auto child = support::children_of(::getpid()).front();

  auto others = std::async(std::launch::async, [&] {
    const auto state = end_of_target(family, {"exit", "4"});
    leave_sleeper(family);
    return std::pair(state, family.sweep());
  });
  const bool were_free = others.wait_for(20s) == std::future_status::ready;
  EXPECT_TRUE(were_free) << "they wait for the exec";
  EXPECT_TRUE(support::is_alive(child)) << "it was taken for a leftover";
  EXPECT_EQ(hanging.wait_for(0s), std::future_status::timeout);
  listener.reset();
  EXPECT_EQ(others.get(), std::pair(ExitState::exited(4), std::size_t{1}));
  EXPECT_EQ(hanging.get(), "execve");
}

}  // namespace
