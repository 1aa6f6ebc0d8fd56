// SPDX-License-Identifier: Apache-2.0
// What a child gets, and what it must not get, of its parent.
#include "base/io/unique_fd.h"
#include "proc/run/run.h"
#include "support/process_target.h"
#include "support/process_tools.h"
#include "support/temp_dir.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

using proc::ExitState;
using support::run_target;

constexpr const char* kCleanSignals =
    "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\nSigCgt:\t0000000000000000\n";

// The forked process of a test may change what it likes; it ends with 0 when `promise` holds.
#define EXPECT_IN_A_FORK(promise) EXPECT_EXIT(::_exit((promise) ? 0 : 1), ::testing::ExitedWithCode(0), "")

std::string descriptors_with(int answer_fd) {
  support::StringSink answer;
  return run_target({"print-fds"}, {.outputs = {{answer_fd, &answer}}}).out;
}

bool census_holds() {
  if (run_target({"print-fds"}).out != "0 1 2\n") return false;
  for (int fd = 3; fd <= 9; ++fd)
    if (descriptors_with(fd) != "0 1 2 " + std::to_string(fd) + "\n") return false;
  return descriptors_with(63) == "0 1 2 63\n" && descriptors_with(127) == "0 1 2 127\n";
}

TEST(HygieneTest, ChildHasTheMappedDescriptorsOnly) {
  EXPECT_TRUE(census_holds());
}

// Inheritable ones, as a careless library leaves them.
bool census_holds_among_strays() {
  for (const int fd : {3, 5, 6, 9, 10, 40, 70, 127, 128, 500}) ::dup2(STDIN_FILENO, fd);
  return census_holds();
}

TEST(HygieneDeathTest, StrayDescriptorsAreNotInherited) {
  EXPECT_IN_A_FORK(census_holds_among_strays());
}

// Every descriptor that run() makes then has a number that is a target, too.
bool census_holds_without_standard_streams() {
  ::syscall(SYS_close_range, 0U, ~0U, 0U);
  return census_holds();
}

TEST(HygieneDeathTest, LowNumbersInTheParentDoNotCollide) {
  EXPECT_IN_A_FORK(census_holds_without_standard_streams());
}

bool streams_keep_apart_without_standard_streams() {
  ::syscall(SYS_close_range, 0U, ~0U, 0U);
  const auto out = run_target({"write-fd", "1", "to-out"});
  const auto err = run_target({"write-fd", "2", "to-err"});
  return out.out == "to-out" && out.err.empty() && err.err == "to-err" && err.out.empty();
}

TEST(HygieneDeathTest, LowNumbersInTheParentKeepTheStreamsApart) {
  EXPECT_IN_A_FORK(streams_keep_apart_without_standard_streams());
}

std::string read_some(int fd) {
  char bytes[64];
  const ssize_t got = ::read(fd, bytes, sizeof bytes);
  return {bytes, static_cast<std::size_t>(got > 0 ? got : 0)};
}

// 1 and 2 change places, 0 becomes one of them and 3 what 0 was: every source is the target of another.
bool reaches(int child_fd, int first, int second) {
  const auto null = base::UniqueFd(::open("/dev/null", O_RDWR));
  ::dup2(first, 2);
  ::dup2(second, 1);
  ::dup2(null.get(), 0);
  auto child = proc::Child::start(support::target_command({"write-fd", std::to_string(child_fd), "word"}),
                                  {{1, 2}, {2, 1}, {0, 2}, {3, 0}});
  return std::holds_alternative<proc::Child>(child) &&
         support::end_of(std::get<proc::Child>(child)).success();
}

bool swapped_descriptors_arrive() {
  auto first = base::make_pipe();
  auto second = base::make_pipe();
  if (!first || !second || !base::set_nonblocking(second->read_end.get())) return false;
  if (!reaches(1, first->write_end.get(), second->write_end.get()) || read_some(second->read_end.get()) != "")
    return false;
  if (!reaches(2, first->write_end.get(), second->write_end.get())) return false;
  return read_some(first->read_end.get()) == "word" && read_some(second->read_end.get()) == "word";
}

TEST(HygieneDeathTest, DescriptorsMayChangePlaces) {
  EXPECT_IN_A_FORK(swapped_descriptors_arrive());
}

// 100 to 127 are sources and targets in reverse order; 99 is somebody's who must not have it.
bool far_descriptors_arrive() {
  auto pipe = base::make_pipe();
  if (!pipe) return false;
  std::vector<proc::DescriptorMapping> mappings{{0, 0}, {1, 127}, {2, 2}};
  for (int fd = 99; fd <= 127; ++fd) ::dup2(fd == 127 ? pipe->write_end.get() : STDERR_FILENO, fd);
  for (int fd = 100; fd <= 127; ++fd) mappings.push_back({fd, 227 - fd});
  auto child = proc::Child::start(support::target_command({"print-fds"}), mappings);
  if (!std::holds_alternative<proc::Child>(child) || !support::end_of(std::get<proc::Child>(child)).success())
    return false;
  std::string expected = "0 1 2";
  for (int fd = 100; fd <= 127; ++fd) expected += " " + std::to_string(fd);
  char bytes[256];
  const ssize_t got = ::read(pipe->read_end.get(), bytes, sizeof bytes);
  return got > 0 && std::string(bytes, static_cast<std::size_t>(got)) == expected + "\n";
}

TEST(HygieneDeathTest, FarDescriptorsMayChangePlacesToo) {
  EXPECT_IN_A_FORK(far_descriptors_arrive());
}

TEST(HygieneTest, DispositionsAndMaskAreClean) {
  EXPECT_EQ(run_target({"print-signals"}).out, kCleanSignals);
}

bool signals_are_clean_whatever_ours_are() {
  for (int signal = 1; signal <= 64; ++signal) ::signal(signal, SIG_IGN);
  ::signal(SIGUSR1, [](int) {});
  sigset_t all;
  sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, nullptr);
  const auto seen = run_target({"print-signals"});
  sigset_t after;
  ::sigprocmask(SIG_SETMASK, nullptr, &after);
  return seen.exited() == ExitState::exited(0) && seen.out == kCleanSignals &&
         sigismember(&after, SIGTERM) == 1;
}

TEST(HygieneDeathTest, IgnoredHandledAndBlockedSignalsAreNotInherited) {
  // Starts this program anew, because what it ignores of the real-time signals is asked at the first start
  // only.
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_IN_A_FORK(signals_are_clean_whatever_ours_are());
}

bool terminates_although_we_ignore_it() {
  ::signal(SIGTERM, SIG_IGN);
  return run_target({"kill-self", std::to_string(SIGTERM)}).exited() == ExitState::signaled(SIGTERM);
}

TEST(HygieneDeathTest, SignalThatWeIgnoreStillKillsTheChild) {
  EXPECT_IN_A_FORK(terminates_although_we_ignore_it());
}

bool status_arrives_although_we_ignore_children() {
  ::signal(SIGCHLD, SIG_IGN);
  return run_target({"exit", "7"}).exited() == ExitState::exited(7);
}

TEST(HygieneDeathTest, StatusArrivesAlthoughWeIgnoreChildren) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // asked at the first start only, as above
  EXPECT_IN_A_FORK(status_arrives_although_we_ignore_children());
}

TEST(HygieneTest, ChildLeadsAGroupOfItsOwn) {
  std::istringstream line(run_target({"print-pgrp"}).out);
  pid_t pid = 0;
  pid_t group = -1;
  line >> pid >> group;
  EXPECT_EQ(pid, group);
  EXPECT_NE(group, ::getpgrp());
}

TEST(HygieneTest, ChildStartsInItsDirectory) {
  const support::TempDir folder;
  auto command = support::target_command({"print-cwd"});
  command.directory = folder.path();
  EXPECT_EQ(support::observe(command).out, folder.path() + "\n");
}

TEST(HygieneTest, EnvironmentIsTheOneGivenAndNoOther) {
  auto command = support::target_command({"print-env"});
  EXPECT_EQ(support::observe(command).out, "");
  command.environment = {"A=1", "EMPTY=", "LINES=x y=z"};
  EXPECT_EQ(support::observe(command).out, "A=1\nEMPTY=\nLINES=x y=z\n");
}

TEST(HygieneTest, ArgumentsArriveAsTheyAre) {
  EXPECT_EQ(run_target({"print-args", "$(exit 1)", "", "a b", "'\""}).out, "$(exit 1)\n\na b\n'\"\n");
}

TEST(HygieneTest, ChildIsFirstInLineWhenMemoryRunsOut) {
  EXPECT_EQ(run_target({"print-oom"}).out, "1000\n");
}

TEST(HygieneTest, ChildAdoptsItsOrphans) {
  int adopts = 0;
  if (::prctl(PR_GET_CHILD_SUBREAPER, &adopts) != 0) GTEST_SKIP() << "not there under qemu-user";
  EXPECT_EQ(run_target({"adopt"}).out, "adopted\n");
}

// Starts a sleeper, tells its pid and dies without a chance to end it.
[[noreturn]] void start_and_die(int report) {
  auto child = proc::Child::start(support::target_command({"sleep", "60000"}), {{0, 0}, {1, 1}, {2, 2}});
  const pid_t pid = std::holds_alternative<proc::Child>(child) ? std::get<proc::Child>(child).pid() : -1;
  if (::write(report, &pid, sizeof pid) == sizeof pid) ::kill(::getpid(), SIGKILL);
  ::_exit(1);
}

TEST(HygieneTest, ChildDiesWithItsParent) {
  auto report = base::make_pipe();
  ASSERT_TRUE(report);
  const pid_t parent = ::fork();
  if (parent == 0) start_and_die(report->write_end.get());
  pid_t sleeper = -1;
  ASSERT_EQ(::read(report->read_end.get(), &sleeper, sizeof sleeper), static_cast<ssize_t>(sizeof sleeper));
  ASSERT_EQ(::waitpid(parent, nullptr, 0), parent);
  ASSERT_GT(sleeper, 0);
  const bool died = support::wait_for([&] { return !support::is_alive(sleeper); });
  EXPECT_TRUE(died);
  if (!died) ::kill(sleeper, SIGKILL);
}

}  // namespace
