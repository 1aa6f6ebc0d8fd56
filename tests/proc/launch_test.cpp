// SPDX-License-Identifier: Apache-2.0
// Programs that do not start, and what a start leaves behind.
#include "proc/run/run.h"
#include "support/process_target.h"
#include "support/process_tools.h"
#include "support/temp_dir.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <iostream>
#include <string>

#include <gtest/gtest.h>

namespace {

using proc::ExitState;
using proc::LaunchError;
using support::observe;
using support::run_target;
using support::TempDir;

struct Refusal {
  std::string call;
  int code = 0;
  friend bool operator==(const Refusal&, const Refusal&) = default;
  friend void PrintTo(const Refusal& refusal, std::ostream* out) {
    *out << refusal.call << " " << refusal.code;
  }
};

Refusal refusal_of(const proc::Command& command) {
  const auto seen = observe(command);
  const auto* error = std::get_if<LaunchError>(&seen.result.ending);
  return error != nullptr ? Refusal{error->call, error->code} : Refusal{"started", 0};
}

Refusal refusal_of_program(const std::string& path) {
  return refusal_of({path, {path}, {}, ""});
}

TEST(LaunchTest, MissingProgram) {
  const TempDir folder;
  EXPECT_EQ(refusal_of_program(folder / "missing"), (Refusal{"execve", ENOENT}));
}

TEST(LaunchTest, MissingInterpreter) {
  const TempDir folder;
  EXPECT_EQ(refusal_of_program(folder.write("script", "#!/missing/interpreter\n", 0755)),
            (Refusal{"execve", ENOENT}));
}

TEST(LaunchTest, FileWithoutTheRunBit) {
  const TempDir folder;
  EXPECT_EQ(refusal_of_program(folder.write("script", "#!/bin/sh\n", 0644)), (Refusal{"execve", EACCES}));
}

TEST(LaunchTest, Folder) {
  const TempDir folder;
  EXPECT_EQ(refusal_of_program(folder.path()), (Refusal{"execve", EACCES}));
}

TEST(LaunchTest, TextWithoutShebangAndEmptyFile) {
  const TempDir folder;
  EXPECT_EQ(refusal_of_program(folder.write("text", "echo hello\n", 0755)), (Refusal{"execve", ENOEXEC}));
  EXPECT_EQ(refusal_of_program(folder.write("empty", "", 0755)), (Refusal{"execve", ENOEXEC}));
}

TEST(LaunchTest, ArgumentThatIsTooLong) {
  EXPECT_EQ(refusal_of(support::target_command({"print-args", std::string(200'000, 'x')})),
            (Refusal{"execve", E2BIG}));
}

TEST(LaunchTest, MissingFolderToStartIn) {
  const TempDir folder;
  auto command = support::target_command({"print-cwd"});
  command.directory = folder / "missing";
  EXPECT_EQ(refusal_of(command), (Refusal{"chdir", ENOENT}));
}

TEST(LaunchTest, DescriptorThatIsNotOpen) {
  const auto seen = run_target({"echo"}, {.stdin_fd = 1'000'000});
  const auto* error = std::get_if<LaunchError>(&seen.result.ending);
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->call, "dup2");
  EXPECT_EQ(error->code, EBADF);
}

TEST(LaunchTest, DescriptorsThatNoChildCanHave) {
  support::StringSink out;
  for (const int child_fd : {-1, 0, 128}) {
    const auto seen = run_target({"echo"}, {.outputs = {{child_fd, &out}}});
    const auto* error = std::get_if<LaunchError>(&seen.result.ending);
    ASSERT_NE(error, nullptr) << child_fd;
    EXPECT_EQ(error->code, EINVAL) << child_fd;
  }
}

// The forked process of a test may change what it likes; it ends with 0 when `promise` holds.
#define EXPECT_IN_A_FORK(promise) EXPECT_EXIT(::_exit((promise) ? 0 : 1), ::testing::ExitedWithCode(0), "")

bool fails_without_descriptors() {
  const rlimit few{3, 3};
  ::setrlimit(RLIMIT_NOFILE, &few);
  const auto child = proc::Child::start(support::target_command({"exit", "0"}), {{0, 0}, {1, 1}, {2, 2}});
  const auto* error = std::get_if<LaunchError>(&child);
  return error != nullptr && error->call == "pipe2" && error->code == EMFILE;
}

TEST(LaunchDeathTest, NoDescriptorLeftIsAnError) {
  EXPECT_IN_A_FORK(fails_without_descriptors());
}

// With a soft limit of so many descriptors: what the program with a descriptor `highest` comes to, which ends
// with 3 when it has started.
std::string outcome_under(rlim_t limit, int highest) {
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const rlimit few{limit, before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &few);
  auto started = proc::Child::start(support::target_command({"exit", "3"}),
                                    {{0, 0}, {1, 1}, {2, 2}, {highest - 8, 1}, {highest, 2}});
  ::setrlimit(RLIMIT_NOFILE, &before);
  if (const auto* error = std::get_if<LaunchError>(&started))
    return error->code == EMFILE ? "refused" : error->call + std::to_string(error->code);
  return support::end_of(std::get<proc::Child>(started)) == ExitState::exited(3) ? "started" : "false status";
}

// Between too few descriptors for the pipe of the report and enough there is every kind of too few.
bool no_limit_makes_a_false_status() {
  for (const int highest : {20, 63, 127}) {
    const auto enough = static_cast<rlim_t>(highest) + 8;
    for (rlim_t limit = 3; limit <= enough; ++limit) {
      const auto outcome = outcome_under(limit, highest);
      const bool holds = limit == enough
                             ? outcome == "started"
                             : outcome == "refused" || (outcome == "started" && limit > enough - 8);
      if (!holds) std::cerr << highest << " with a limit of " << limit << ": " << outcome << "\n";
      if (!holds) return false;
    }
  }
  return true;
}

TEST(LaunchDeathTest, NoLimitOfDescriptorsMakesAFalseStatus) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer opens a pipe to look at memory, and takes what it cannot look at for broken";
#endif
  EXPECT_IN_A_FORK(no_limit_makes_a_false_status());
}

bool forbid_pidfd_open() {
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pidfd_open, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EMFILE),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter{4, program};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

bool fails_cleanly_without_pidfd() {
  const auto before = support::open_descriptors(::getpid());
  if (!forbid_pidfd_open()) return false;
  return refusal_of(support::target_command({"sleep", "60000"})) == Refusal{"pidfd_open", EMFILE} &&
         support::children_of(::getpid()).empty() && support::open_descriptors(::getpid()) == before;
}

TEST(LaunchDeathTest, ChildWithoutPidfdIsEndedAndReaped) {
  EXPECT_IN_A_FORK(fails_cleanly_without_pidfd());
}

TEST(LaunchTest, TwoHundredRunsLeaveNoDescriptorAndNoProcess) {
  const TempDir folder;
  const auto before = support::open_descriptors(::getpid());
  const auto children = support::children_of(::getpid());
  for (int i = 0; i < 200; ++i) ASSERT_EQ(run_target({"exit", "0"}).exited(), ExitState::exited(0));
  EXPECT_EQ(support::open_descriptors(::getpid()), before);
  EXPECT_EQ(support::children_of(::getpid()), children);
}

TEST(LaunchTest, TwoHundredFailedStartsLeaveNoDescriptorAndNoProcess) {
  const TempDir folder;
  auto homeless = support::target_command({"exit", "0"});
  homeless.directory = folder / "missing";
  const auto before = support::open_descriptors(::getpid());
  const auto children = support::children_of(::getpid());
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(refusal_of_program(folder / "missing").code, ENOENT);
    ASSERT_EQ(refusal_of(homeless).code, ENOENT);
  }
  EXPECT_EQ(support::open_descriptors(::getpid()), before);
  EXPECT_EQ(support::children_of(::getpid()), children);
}

}  // namespace
