// SPDX-License-Identifier: Apache-2.0
#include "proc/child/family.h"

#include "proc/run/run.h"
#include "proc/tree/held_output.h"
#include "proc/tree/process_tree.h"
#include "support/paths.h"
#include "support/process_tools.h"
#include "support/temp_dir.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

proc::Child start_script(proc::Family& family, const std::string& script) {
  const base::UniqueFd nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  auto started = family.start({"/bin/sh", {"sh", "-c", script}, {"PATH=/usr/bin:/bin"}, ""},
                              {{0, nothing.get()}, {1, nothing.get()}, {2, nothing.get()}});
  return std::move(std::get<proc::Child>(started));
}

std::vector<pid_t> pids_in(const std::string& path) {
  std::vector<pid_t> pids;
  std::ifstream file(path);
  for (pid_t pid = 0; file >> pid;) pids.push_back(pid);
  return pids;
}

/// A shell that leaves two processes, one in a session of its own with a child, and waits to be killed.
std::string leaving(const std::string& pids) {
  return "sleep 300 & echo $! >>" + pids + "; setsid sh -c 'sleep 300 & echo $! $$ >>" + pids +
         "; wait' & sleep 300";
}

bool three_live(const std::string& path) {
  return support::wait_for([&] { return pids_in(path).size() == 3; });
}

TEST(FamilyTest, SweepEndsWhatAnEndedChildHasLeftInWhateverSession) {
  const support::TempDir folder;
  const auto pids = folder / "pids";
  proc::Family family;
  auto child = start_script(family, leaving(pids));
  ASSERT_TRUE(three_live(pids));
  ::kill(child.pid(), SIGKILL);  // the leader alone
  ASSERT_TRUE(child.wait_until(base::Deadline::after(std::chrono::seconds(20))));
  child.reap();
  family.sweep();
  for (const pid_t pid : pids_in(pids)) EXPECT_FALSE(support::is_alive(pid)) << pid;
}

TEST(FamilyTest, SweepLeavesTheLivingAndTheirTreesAlone) {
  const support::TempDir folder;
  const auto pids = folder / "pids";
  proc::Family family;
  auto child = start_script(family, leaving(pids));
  ASSERT_TRUE(three_live(pids));
  family.sweep();
  EXPECT_TRUE(support::is_alive(child.pid()));
  for (const pid_t pid : pids_in(pids)) EXPECT_TRUE(support::is_alive(pid)) << pid;
  ::kill(child.pid(), SIGKILL);
  child.reap();
  family.sweep();
}

TEST(FamilyTest, StrangersWhoAreKeptStayUntilTheEndOfAll) {
  const support::TempDir folder;
  const auto pids = folder / "pids";
  proc::Family family;
  auto child = start_script(family, leaving(pids));
  ASSERT_TRUE(three_live(pids));
  ::kill(child.pid(), SIGKILL);
  ASSERT_TRUE(child.wait_until(base::Deadline::after(std::chrono::seconds(20))));
  child.reap();
  family.keep_strangers();
  EXPECT_EQ(family.sweep(), 0U);
  for (const pid_t pid : pids_in(pids)) EXPECT_TRUE(support::is_alive(pid)) << pid;
  family.end_all();
  for (const pid_t pid : pids_in(pids))
    EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(pid); })) << pid;
}

// The target, in a session of its own below a shell that ends at once.
void leave_bomb(proc::Family& family, const std::string& shape) {
  auto child = start_script(
      family, "setsid " + support::target_program() + " fork-bomb " + shape + " 40 60 & sleep 0.1");
  ASSERT_TRUE(child.wait_until(base::Deadline::after(std::chrono::seconds(20))));
  child.reap();
}

// A call that leaves one running, and another worker that ends it before the call's own look at its answer.
bool is_held_after_a_sweep(const std::string& script, std::size_t file_limit) {
  proc::Family family;
  support::StringSink out;
  support::StringSink err;
  proc::HeldOutput held;
  proc::RunOptions options;
  options.outputs = {{1, &out, file_limit, true}, {2, &err}};
  options.family = &family;
  options.held = &held;
  proc::run({"/bin/sh", {"sh", "-c", script}, {"PATH=/usr/bin:/bin"}, ""}, options);
  family.sweep();
  return proc::is_still_held(held, proc::HolderPatience(family.stop_fd()));
}

TEST(FamilyTest, WhoRunsWithAnAnswerOpenIsNotWaitedForOnceAllEnds) {
  auto stop = *base::make_pipe();
  proc::HolderPatience patience(stop.read_end.get(), std::chrono::minutes(10));
  EXPECT_FALSE(patience.passed());
  ASSERT_TRUE(base::write_all(stop.write_end.get(), "x"));
  EXPECT_TRUE(patience.passed());
}

TEST(FamilyTest, SweepOfAnotherFindsWhoHasAnAnswerOpen) {
  for (const std::size_t file_limit : {0U, 1000U}) {
    EXPECT_TRUE(is_held_after_a_sweep("setsid sleep 300 & echo answer", file_limit)) << file_limit;
    EXPECT_FALSE(is_held_after_a_sweep("setsid sleep 300 >/dev/null 2>&1 & echo answer", file_limit))
        << file_limit;
    EXPECT_FALSE(is_held_after_a_sweep("echo answer", file_limit)) << file_limit;
  }
}

TEST(FamilyTest, SweepEndsWhatForksWithoutEnd) {
  for (const auto* shape : {"grow", "scatter", "flee"}) {
    proc::Family family;
    ASSERT_NO_FATAL_FAILURE(leave_bomb(family, shape));
    EXPECT_GT(family.sweep(), 1U) << shape;
    EXPECT_EQ(support::children_of(::getpid()), std::vector<pid_t>()) << shape;
  }
}

TEST(FamilyTest, SweepEndsWhatIsStoppedAlready) {
  proc::Family family;
  auto child = start_script(family, "setsid sh -c 'kill -STOP $$; sleep 300' & sleep 0.1");
  ASSERT_TRUE(child.wait_until(base::Deadline::after(std::chrono::seconds(20))));
  child.reap();
  EXPECT_EQ(family.sweep(), 1U);
  EXPECT_EQ(support::children_of(::getpid()), std::vector<pid_t>());
}

TEST(FamilyTest, SweepEndsAProcessWhoseFirstThreadHasEnded) {
  const support::TempDir folder;
  proc::Family family;
  auto child = start_script(
      family, "setsid " + support::target_program() + " lose-head 300000 & echo $! >" + (folder / "pid"));
  ASSERT_TRUE(child.wait_until(base::Deadline::after(std::chrono::seconds(20))));
  child.reap();
  const auto pids = pids_in(folder / "pid");
  ASSERT_EQ(pids.size(), 1U);
  ASSERT_TRUE(support::wait_for([&] { return !support::is_alive(pids[0]); })) << "a zombie, it seems";
  EXPECT_EQ(family.sweep(), 1U);
  EXPECT_EQ(support::children_of(::getpid()), std::vector<pid_t>());
}

// Somebody kills a process (the kernel for want of memory, say) while what is below it is being ended.
TEST(FamilyTest, WhatFallsToAnotherInMidSweepIsNotWaitedFor) {
  proc::Family family;
  auto root = start_script(family, "sleep 300 & exec sleep 300");
  ASSERT_TRUE(support::wait_for([&] { return !support::children_of(root.pid()).empty(); }));
  const pid_t below = support::children_of(root.pid()).front();
  ::kill(below, SIGSTOP);  // so that nobody has to wait for that
  ASSERT_TRUE(support::wait_for([&] { return proc::process_stat(below).state == 'T'; }));
  // Asked whether there is one, who it is, whether it may be stopped, and who there is now that it is.
  int asked = 0;
  const auto root_ends_once_all_below_have_stopped = [&](pid_t pid) {
    if (++asked != 4) return false;
    ::kill(root.pid(), SIGKILL);
    return !support::wait_for([pid] { return proc::process_stat(pid).parent == ::getpid(); });
  };
  const auto limit = base::Deadline::after(std::chrono::seconds(5));
  const auto ended = proc::end_below(root.pid(), root_ends_once_all_below_have_stopped, limit);
  EXPECT_FALSE(limit.passed()) << "it waited for somebody else's child";
  EXPECT_EQ(ended.killed, 0U);
  root.reap();
  EXPECT_EQ(family.sweep(), 1U);
}

TEST(FamilyTest, TheEndOfAllDoesNotAskWhoAnswersForThem) {
  const support::TempDir folder;
  const auto pids = folder / "pids";
  proc::Family family;
  auto child = start_script(family, leaving(pids));
  ASSERT_TRUE(three_live(pids));
  family.end_all();  // kills, and may be too short of time to see the end
  EXPECT_TRUE(child.wait_until(base::Deadline::after(std::chrono::seconds(20))));
  for (const pid_t pid : pids_in(pids))
    EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(pid); })) << pid;
  child.reap();
  family.sweep();
}

TEST(FamilyTest, ChildrenThatWereThereBeforeAreLeftAlone) {
  proc::Family before;
  auto elder = start_script(before, "sleep 300");
  proc::Family family;
  family.sweep();
  family.end_all();
  EXPECT_TRUE(support::is_alive(elder.pid()));
}

TEST(FamilyTest, FailedStartIsAccountedForByNobody) {
  proc::Family family;
  const auto started = family.start({"/nowhere", {"x"}, {}, ""}, {});
  EXPECT_TRUE(std::holds_alternative<proc::LaunchError>(started));
  family.sweep();
}

}  // namespace
