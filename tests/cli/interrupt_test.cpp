// SPDX-License-Identifier: Apache-2.0
#include "cli_run.h"
#include "proc/child/child.h"
#include "support/paths.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

/// `shellstrap invoke ARGUMENTS...` in the background, its output in files of the folder.
class Background {
 public:
  Background(const Cli& cli, const std::vector<std::string>& arguments, int stdin_fd = -1) {
    const base::UniqueFd nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const base::UniqueFd out = create(cli.folder / "out");
    const base::UniqueFd err = create(cli.folder / "err");
    auto words = arguments;
    words.insert(words.begin(), "invoke");
    auto started = proc::Child::start(
        {support::cli_program(), Cli::command(words), cli.environment(), cli.folder.path()},
        {{0, stdin_fd >= 0 ? stdin_fd : nothing.get()}, {1, out.get()}, {2, err.get()}});
    child_.emplace(std::move(std::get<proc::Child>(started)));
  }

  /// The leader alone, as the bootstrap and the handler are in groups of their own.
  void send(int signal) { child_->signal_group(signal); }

  /// Not before its main has begun: until then a signal would end it like any program.
  [[nodiscard]] bool takes_signals() const {
    std::ifstream status("/proc/" + std::to_string(child_->pid()) + "/status");
    for (std::string line; std::getline(status, line);)
      if (line.starts_with("SigBlk:"))
        return (std::stoull(line.substr(7), nullptr, 16) & 1U << (SIGINT - 1)) != 0;
    return false;
  }

  std::optional<proc::ExitState> wait() {
    if (!child_->wait_until(base::Deadline::after(std::chrono::seconds(20)))) return std::nullopt;
    return child_->reap().state;
  }

 private:
  static base::UniqueFd create(const std::string& path) {
    return base::UniqueFd(::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
  }
  std::optional<proc::Child> child_;
};

std::vector<pid_t> pids_noted_in(const std::string& path) {
  std::vector<pid_t> pids;
  std::ifstream file(path);
  for (pid_t pid = 0; file >> pid;) pids.push_back(pid);
  return pids;
}

// Three processes that ignore what can be ignored, one of them in a session of its own, tell their numbers.
constexpr auto kStubbornFake =
    "trap '' TERM INT HUP\n"
    "(echo $(exec sh -c 'echo $PPID') >>pids; sleep 300) &\n"
    "setsid sh -c 'echo $$ >>pids; exec sleep 300' &\n"
    "echo $$ >>pids\n"
    "wait; sleep 300";

void expect_nothing_left(const Cli& cli, Background& background, proc::ExitState expected) {
  const auto state = background.wait();
  ASSERT_TRUE(state) << "it did not end";
  EXPECT_EQ(*state, expected);
  for (const pid_t pid : pids_noted_in(cli.folder / "pids")) EXPECT_FALSE(support::is_alive(pid)) << pid;
}

bool three_run(const Cli& cli) {
  return support::wait_for([&] { return pids_noted_in(cli.folder / "pids").size() == 3; });
}

struct InterruptCase {
  int signal;
  int status;
};
class InterruptTest : public testing::TestWithParam<InterruptCase> {};

TEST_P(InterruptTest, EndsAStubbornHandlerWithAllItsProcesses) {
  Cli cli;
  cli.script("x.sh", kStubbornFake);
  Background background(cli, {"x.sh", "--timeout", "300"});
  ASSERT_TRUE(three_run(cli));
  background.send(GetParam().signal);
  expect_nothing_left(cli, background, exited(GetParam().status));
}

TEST_P(InterruptTest, EndsAStubbornRuntimeWithAllItsProcesses) {
  Cli cli;
  Background background(cli, {"--bootstrap", cli.script("fake", kStubbornFake), "x"});
  ASSERT_TRUE(three_run(cli));
  background.send(GetParam().signal);
  expect_nothing_left(cli, background, exited(GetParam().status));
}

INSTANTIATE_TEST_SUITE_P(Signals, InterruptTest,
                         testing::Values(InterruptCase{SIGINT, 130}, InterruptCase{SIGTERM, 143},
                                         InterruptCase{SIGHUP, 129}));

TEST(InterruptTest, SecondSignalHasTheSameEnd) {
  Cli cli;
  Background background(cli, {"--bootstrap", cli.script("fake", kStubbornFake), "x"});
  ASSERT_TRUE(three_run(cli));
  background.send(SIGINT);
  background.send(SIGTERM);
  background.send(SIGINT);
  expect_nothing_left(cli, background, exited(130));
}

TEST(InterruptTest, EndsTheWaitForStandardInput) {
  Cli cli;
  cli.script("x.sh", "cat");
  auto pipe = base::make_pipe();
  ASSERT_TRUE(pipe.ok());
  Background background(cli, {"x.sh", "-e", "-"}, pipe->read_end.get());
  ASSERT_TRUE(support::wait_for([&] { return background.takes_signals(); }));
  background.send(SIGINT);
  EXPECT_EQ(background.wait(), exited(130));
}

TEST(InterruptTest, TimeoutLeavesNoProcessEither) {
  Cli cli;
  cli.set("SHELLSTRAP_DEADLINE_MARGIN_MS", "0");
  cli.script("x.sh", kStubbornFake);
  Background background(cli, {"x.sh", "--timeout", "1"});
  ASSERT_TRUE(three_run(cli));
  expect_nothing_left(cli, background, exited(1));
}

}  // namespace
