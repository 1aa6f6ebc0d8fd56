// SPDX-License-Identifier: Apache-2.0
// Signals to the bootstrap at every moment, and the bootstrap as the first process of a container.
#include "base/io/unique_fd.h"
#include "support/bootstrap_process.h"
#include "support/lateness.h"
#include "support/orphan_end.h"
#include "support/paths.h"
#include "support/process_tools.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using proc::ExitState;

class SignalsTest : public testing::Test {
 protected:
  void write_script(const std::string& script) {
    bootstrap_.task_root.write("handler.sh", "#!/bin/sh\n" + script, 0755);
  }

  void start(std::map<std::string, std::string> environment = {}, std::vector<std::string> through = {}) {
    bootstrap_.start({.handler = "handler.sh",
                      .arguments = {},
                      .environment = std::move(environment),
                      .through = std::move(through)});
  }

  pid_t pid_in(const std::string& name) {
    pid_t pid = -1;
    EXPECT_TRUE(support::wait_for([&] { return bool(std::ifstream(bootstrap_.task_root / name) >> pid); }));
    return pid;
  }

  support::OrphanEnd orphans_;
  support::BootstrapProcess bootstrap_;
};

// Those that a process holds back, as a mask whose lowest bit is signal 1.
unsigned long long blocked_by(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("SigBlk:")) return std::stoull(line.substr(7), nullptr, 16);
  return 0;
}

bool holds_back(pid_t pid, int signal) {
  return (blocked_by(pid) >> (signal - 1) & 1) != 0;
}

// How many there are with this command line.
std::size_t processes_of(const std::string& words) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "cmdline");
    std::string line;
    std::getline(file, line);
    std::replace(line.begin(), line.end(), '\0', ' ');
    count += line == words + " ";
  }
  return count;
}

// A handler that does not heed SIGTERM, with a child in another session.
const char* const kStubborn =
    "trap '' TERM; n=$(cat); setsid sh -c 'echo $$ > daemon-'$n'.tmp; mv daemon-'$n'.tmp daemon-'$n'; exec "
    "sleep 300' &\n"
    "echo $$ > pid-$n.tmp; mv pid-$n.tmp pid-$n; while :; do sleep 0.05; done";

}  // namespace

// ---- The end of the environment

class EndingSignalTest : public SignalsTest, public testing::WithParamInterface<int> {};

TEST_P(EndingSignalTest, EndsTheHandlerAnswersAndExitsWithZero) {
  write_script("echo $$ > pid.tmp; mv pid.tmp pid; sleep 300");
  start();
  bootstrap_.api.push_event({.id = "a"});
  const auto handler = pid_in("pid");
  bootstrap_.signal(GetParam());
  EXPECT_EQ(bootstrap_.wait_for_post().header("Lambda-Runtime-Function-Error-Type"), "Runtime.Shutdown");
  EXPECT_EQ(bootstrap_.wait_for_end(), ExitState::exited(0));
  EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(handler); }));
}

INSTANTIATE_TEST_SUITE_P(All, EndingSignalTest, testing::Values(SIGTERM, SIGINT, SIGHUP),
                         [](const auto& signal) { return proc::signal_name(signal.param); });

// Those of the kernel, the C library's two among them, but for KILL and STOP, which nobody can refuse.
// A sanitizer's, which end the program, after a report of some seconds.
bool is_caught(pid_t pid, int signal) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("SigCgt:"))
      return (std::stoull(line.substr(7), nullptr, 16) >> (signal - 1) & 1) != 0;
  return false;
}

bool is_of_a_fault(int signal) {
  return signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE;
}

TEST_F(SignalsTest, NoOtherSignalEndsOrStopsIt) {
  for (const auto* workers : {"", "2"}) {
    support::BootstrapProcess bootstrap;
    bootstrap.task_root.write("handler.sh", "#!/bin/sh\necho here\n", 0755);
    bootstrap.start(
        {.handler = "handler.sh", .arguments = {}, .environment = {{"AWS_LAMBDA_MAX_CONCURRENCY", workers}}});
    bootstrap.wait_until_idle();
    for (int signal = 1; signal <= 64; ++signal) {
      const bool ends = signal == SIGTERM || signal == SIGINT || signal == SIGHUP;
      if (is_of_a_fault(signal) && is_caught(bootstrap.pid(), signal)) continue;
      if (!ends && signal != SIGKILL && signal != SIGSTOP) ::syscall(SYS_kill, bootstrap.pid(), signal);
    }
    EXPECT_EQ(bootstrap.invoke().body, "here\n");
    EXPECT_TRUE(bootstrap.is_running());
  }
}

TEST_F(SignalsTest, ChildrenHaveEveryDefaultBackAndNothingBlocked) {
  bootstrap_.task_root.write("function.sh", "handler() { \"$TARGET\" print-signals; }");
  write_script("exec \"$TARGET\" print-signals");
  const std::string nothing(16, '0');
  for (const auto* handler : {"handler.sh", "function.handler"}) {
    support::BootstrapProcess bootstrap;
    bootstrap.start({.handler = handler,
                     .arguments = {},
                     .environment = {{"TARGET", support::target_program()},
                                     {"LAMBDA_TASK_ROOT", bootstrap_.task_root.path()}}});
    const auto answer = bootstrap.invoke().body;
    EXPECT_NE(answer.find("SigBlk:\t" + nothing), std::string::npos) << answer;
    EXPECT_NE(answer.find("SigIgn:\t" + nothing), std::string::npos) << answer;
  }
}

TEST_F(SignalsTest, AFileSizeLimitCostsTheAnswerThatIsBeyondItAndNoMore) {
  write_script("[ \"$(cat)\" != large ] || printf %0100000d 0");
  start({}, {"sh", "-c", "ulimit -f 2; exec \"$@\"", "sh"});
  const auto large = bootstrap_.invoke("large");
  EXPECT_TRUE(large.path.ends_with("/error")) << large.body.size();
  EXPECT_EQ(bootstrap_.invoke("small").body, "") << bootstrap_.log();
}

TEST_F(SignalsTest, AnEventBeyondAFileSizeLimitIsASentenceAndNoSignal) {
  write_script("cat");
  start(support::kOneWorker, {"sh", "-c", "ulimit -f 2; exec \"$@\"", "sh"});
  bootstrap_.api.push_event({.id = "large", .body = std::string(100'000, 'x')});
  EXPECT_EQ(bootstrap_.wait_for_end(), ExitState::exited(1));
  EXPECT_TRUE(bootstrap_.logs(std::strerror(EFBIG)));
}

TEST_F(SignalsTest, AHangUpThatWasIgnoredFromTheStartStaysIgnored) {
  write_script("echo here");
  start({}, {"nohup"});
  bootstrap_.invoke();
  bootstrap_.signal(SIGHUP);
  EXPECT_EQ(bootstrap_.invoke().body, "here\n");
}

TEST_F(SignalsTest, TheSecondAndThirdChangeNothing) {
  write_script(kStubborn);
  start();
  bootstrap_.api.push_event({.id = "a", .body = "1"});
  const auto handler = pid_in("pid-1");
  for (const int signal : {SIGTERM, SIGTERM, SIGINT}) bootstrap_.signal(signal);
  EXPECT_EQ(bootstrap_.wait_for_post().header("Lambda-Runtime-Function-Error-Type"), "Runtime.Shutdown");
  EXPECT_EQ(bootstrap_.wait_for_end(), ExitState::exited(0));
  EXPECT_EQ(bootstrap_.api.posts().size(), 1U);
  EXPECT_FALSE(support::is_alive(handler));
}

TEST_F(SignalsTest, FourStubbornHandlersAreGoneWithin300Ms) {
  write_script(kStubborn);
  start({{"AWS_LAMBDA_MAX_CONCURRENCY", "4"}});
  std::vector<pid_t> pids;
  for (int i = 0; i < 4; ++i) bootstrap_.api.push_event({.id = std::to_string(i), .body = std::to_string(i)});
  for (const auto* name : {"pid-", "daemon-"})
    for (int i = 0; i < 4; ++i) pids.push_back(pid_in(name + std::to_string(i)));
  const support::Lateness lateness;
  const auto asked = std::chrono::steady_clock::now();
  bootstrap_.signal(SIGTERM);
  EXPECT_EQ(bootstrap_.wait_for_end(), ExitState::exited(0));
  EXPECT_LT(std::chrono::steady_clock::now() - asked, 300ms + lateness.room());
  EXPECT_EQ(bootstrap_.api.posts().size(), 4U);
  for (const pid_t pid : pids) EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(pid); })) << pid;
}

TEST_F(SignalsTest, FromAHandlerItIsTheEndToo) {
  write_script("kill -TERM $PPID; exec sleep 300");
  start();
  EXPECT_EQ(bootstrap_.invoke().header("Lambda-Runtime-Function-Error-Type"), "Runtime.Shutdown");
  EXPECT_EQ(bootstrap_.wait_for_end(), ExitState::exited(0));
}

TEST_F(SignalsTest, AForkBombGoesWithTheEnvironment) {
  const auto words = support::target_program() + " fork-bomb scatter 40 61";
  write_script("exec " + words);
  start();
  bootstrap_.api.push_event({.id = "a"});
  const auto running = [&] { return processes_of(words); };
  ASSERT_TRUE(support::wait_for([&] { return running() > 20; }));
  bootstrap_.signal(SIGTERM);
  EXPECT_EQ(bootstrap_.wait_for_end(), ExitState::exited(0));
  EXPECT_TRUE(support::wait_for([&] { return running() == 0; }, 5s));
}

TEST_F(SignalsTest, BeforeTheFirstPollItIsTheEndToo) {
  for (int i = 0; i < 10; ++i) {
    support::BootstrapProcess bootstrap;
    bootstrap.task_root.write("handler.sh", "#!/bin/sh\necho never\n", 0755);
    bootstrap.start(
        {.handler = "handler.sh", .arguments = {}, .environment = {{"AWS_LAMBDA_MAX_CONCURRENCY", "2"}}});
    ASSERT_TRUE(support::wait_for([&] { return holds_back(bootstrap.pid(), SIGTERM); }));
    bootstrap.signal(SIGTERM);
    EXPECT_EQ(bootstrap.wait_for_end(), ExitState::exited(0));
    EXPECT_TRUE(bootstrap.api.posts().empty());
  }
}

// ---- While a shell file is sourced

TEST_F(SignalsTest, AFileThatIsBeingSourcedIsGivenUp) {
  bootstrap_.task_root.write(
      "function.sh",
      "trap '' TERM; setsid sleep 300 & echo $! > daemon; echo $$ > pid.tmp; mv pid.tmp pid\n"
      "sleep 300; handler() { :; }");
  bootstrap_.start(
      {.handler = "function.handler", .arguments = {}, .environment = {{"AWS_LAMBDA_MAX_CONCURRENCY", "2"}}});
  const auto shell = pid_in("pid");
  const auto daemon = pid_in("daemon");
  const auto asked = std::chrono::steady_clock::now();
  bootstrap_.signal(SIGTERM);
  EXPECT_EQ(bootstrap_.wait_for_end(), ExitState::exited(0));
  EXPECT_LT(std::chrono::steady_clock::now() - asked, 20s);
  EXPECT_TRUE(bootstrap_.api.requests().empty()) << "an end is no init error";
  EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(shell) && !support::is_alive(daemon); }));
}

TEST_F(SignalsTest, WarmShellsAndWhatTheirFilesHaveStartedEndWithTheEnvironment) {
  bootstrap_.task_root.write("function.sh", "setsid sleep 300 & echo $! $$ >> started\nhandler() { :; }");
  bootstrap_.start(
      {.handler = "function.handler", .arguments = {}, .environment = {{"AWS_LAMBDA_MAX_CONCURRENCY", "3"}}});
  ASSERT_TRUE(bootstrap_.api.wait_until_parked(3, 30s));
  bootstrap_.signal(SIGTERM);
  EXPECT_EQ(bootstrap_.wait_for_end(), ExitState::exited(0));
  std::ifstream started(bootstrap_.task_root / "started");
  int count = 0;
  for (pid_t pid = 0; started >> pid; ++count)
    EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(pid); })) << pid;
  EXPECT_EQ(count, 6);
}

// ---- Pipes and children

TEST_F(SignalsTest, ALogWhoseReaderHasGoneStopsNothing) {
  write_script("echo error >&2; cat; [ -e fail ] && exit 3; exit 0");
  auto pipe = base::make_pipe();
  ASSERT_TRUE(pipe);
  bootstrap_.start(
      {.handler = "handler.sh", .arguments = {}, .environment = {}, .log_fd = pipe->write_end.get()});
  pipe->read_end.reset();
  pipe->write_end.reset();
  EXPECT_EQ(bootstrap_.invoke("a").body, "a");
  bootstrap_.task_root.write("fail", "");
  EXPECT_NE(bootstrap_.invoke("b").body.find("Function.Exit3"), std::string::npos);
  EXPECT_NE(bootstrap_.invoke("c").body.find("Function.Exit3"), std::string::npos);
}

TEST_F(SignalsTest, ChildrenAreWaitedForAlthoughWhoeverStartedUsIgnoresTheirEnd) {
  write_script("exit 7");
  start({{"AWS_LAMBDA_MAX_CONCURRENCY", "2"}}, {"sh", "-c", "trap '' CHLD; exec \"$@\"", "sh"});
  for (int i = 0; i < 20; ++i) EXPECT_NE(bootstrap_.invoke().body.find("Function.Exit7"), std::string::npos);
}

TEST_F(SignalsTest, ChildrenThatWereThereBeforeAreLeftAlone) {
  write_script("setsid sleep 300 >/dev/null 2>&1 & echo $!");
  start({}, {"sh", "-c", "sleep 300 & echo $! > elder; exec \"$@\"", "sh"});
  const auto elder = pid_in("elder");
  for (int i = 0; i < 2; ++i) {
    const auto leftover = std::stoi(bootstrap_.invoke().body);
    EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(leftover); }));
  }
  EXPECT_TRUE(support::is_alive(elder));
  ::kill(elder, SIGKILL);
}

// ---- As the first process

class FirstProcessTest : public SignalsTest {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) through_.push_back("--map-root-user");
    auto probe = through_;
    probe.push_back("true");
    const auto can = support::run_tool(probe);
    if (!can.state.success()) GTEST_SKIP() << "no process namespace can be had here: " << can.err;
  }

  // The bootstrap: the one child of unshare, which waits for it.
  pid_t first_process() {
    std::vector<pid_t> children;
    EXPECT_TRUE(
        support::wait_for([&] { return !(children = support::children_of(bootstrap_.pid())).empty(); }));
    return children.empty() ? -1 : children.front();
  }

  std::vector<std::string> through_ = {"unshare", "--pid", "--fork", "--kill-child", "--mount-proc"};
};

TEST_F(FirstProcessTest, ServesAndEndsWithZeroOnSigterm) {
  write_script("echo $PPID; [ \"$(cat)\" = go ] || { echo $$ > pid; sleep 300; }");
  start({}, through_);
  EXPECT_EQ(bootstrap_.invoke("go").body, "1\n");
  bootstrap_.api.push_event({.id = "a", .body = "stay"});
  pid_in("pid");
  const auto bootstrap = first_process();
  ::kill(bootstrap, SIGTERM);
  EXPECT_EQ(bootstrap_.wait_for_post().header("Lambda-Runtime-Function-Error-Type"), "Runtime.Shutdown");
  EXPECT_EQ(bootstrap_.wait_for_end(), ExitState::exited(0));
}

TEST_F(FirstProcessTest, ReapsTheOrphansOfOthersWhileIdle) {
  write_script("echo here");
  // An elder whose children become orphans one after the other, as those of docker exec do.
  through_.insert(through_.end(),
                  {"sh", "-c",
                   "(while [ ! -e begin ]; do sleep 0.01; done\n"
                   " for i in 1 2 3 4 5; do (sleep 0.1 &); done; echo > begun; sleep 300) & exec \"$@\"",
                   "sh"});
  start({}, through_);
  bootstrap_.wait_until_idle();
  const auto bootstrap = first_process();
  bootstrap_.task_root.write("begin", "");
  ASSERT_TRUE(
      support::wait_for([&] { return ::access((bootstrap_.task_root / "begun").c_str(), F_OK) == 0; }));
  // The elder alone is left: nothing but time has passed.
  EXPECT_TRUE(support::wait_for([&] { return support::children_of(bootstrap).size() == 1; }));
  EXPECT_EQ(bootstrap_.invoke().body, "here\n");
}
