// SPDX-License-Identifier: Apache-2.0
#include "proc/family.h"

#include "support/process_tools.h"
#include "support/temp_dir.h"

#include <fcntl.h>

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

TEST(FamilyTest, FailedStartIsAccountedForByNobody) {
  proc::Family family;
  const auto started = family.start({"/nowhere", {"x"}, {}, ""}, {});
  EXPECT_TRUE(std::holds_alternative<proc::LaunchError>(started));
  family.sweep();
}

}  // namespace
