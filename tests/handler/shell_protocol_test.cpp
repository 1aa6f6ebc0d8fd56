// SPDX-License-Identifier: Apache-2.0
// Calls are answered by their own run, whatever becomes of the forks that wait for them and of their shell.
#include "proc/tree/process_tree.h"
#include "shell_fixture.h"

#include <signal.h>

#include <atomic>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using shell_test::Called;
using shell_test::Function;

// Answers with its event, and leaves word of each run.
constexpr std::string_view kEcho =
    "printf '%s\\n' \"$$\" >shell\n"
    "handler() { printf '%s\\n' \"$1\" >>runs; printf 'answer %s' \"$1\"; }\n";

constexpr std::string_view kCanary = "canary-4e1b7c";

shell_test::FunctionOptions with_canary() {
  shell_test::FunctionOptions options;
  options.variables = {"CANARY=" + std::string(kCanary)};
  return options;
}

std::string text_of(const Function& function, const std::string& name) {
  std::ifstream file(function.root() / name);
  return {std::istreambuf_iterator<char>(file), {}};
}

pid_t shell_of(const Function& function) {
  return std::stoi(text_of(function, "shell"));
}

// The one that waits for the next event; -1 where there is none at this moment.
pid_t waiting_fork(pid_t shell) {
  const auto children = proc::children_of(shell);
  return children.size() == 1 ? children.front() : -1;
}

bool is_stopped(pid_t pid) {
  return proc::process_stat(pid).state == 'T';
}

void expect_own_answer(Function& function, const std::string& event) {
  const Called called = function.call(event);
  const auto* lost = std::get_if<proc::Lost>(&called.result.ending);
  EXPECT_EQ(called.status(), 0) << event << ": " << (lost != nullptr ? lost->reason : "");
  EXPECT_EQ(called.out, "answer " + event);
  EXPECT_EQ(called.err, "") << event;
}

TEST(ShellProtocolTest, AForkThatIsEndedWhileItWaitsIsReplacedAndItsEventRuns) {
  for (const int signal : {SIGTERM, SIGKILL, SIGINT, SIGHUP, SIGUSR1, SIGSEGV, SIGALRM, SIGPIPE}) {
    Function function(kEcho, with_canary());
    expect_own_answer(function, "first");
    const pid_t fork = waiting_fork(shell_of(function));
    ASSERT_GT(fork, 0);
    ::kill(fork, signal);
    ASSERT_TRUE(support::wait_for([&] { return proc::process_stat(fork).has_ended(); })) << signal;
    for (const char* event : {"second", "third", "fourth"}) expect_own_answer(function, event);
    EXPECT_EQ(text_of(function, "runs"), "first\nsecond\nthird\nfourth\n") << signal;
    EXPECT_EQ(function.warnings(), "") << signal;
  }
}

TEST(ShellProtocolTest, AForkThatIsStoppedWhileItWaitsGoesOn) {
  Function function(kEcho);
  expect_own_answer(function, "first");
  const pid_t fork = waiting_fork(shell_of(function));
  ::kill(fork, SIGSTOP);
  ASSERT_TRUE(support::wait_for([&] { return is_stopped(fork); }));
  const Called called = function.call("second");
  EXPECT_EQ(called.out, "answer second");
  EXPECT_LT(called.result.elapsed, 5s);
}

TEST(ShellProtocolTest, AShellThatIsStoppedBetweenCallsGoesOn) {
  Function function(kEcho);
  expect_own_answer(function, "first");
  const pid_t shell = shell_of(function);
  ::kill(shell, SIGSTOP);
  ASSERT_TRUE(support::wait_for([&] { return is_stopped(shell); }));
  for (const char* event : {"second", "third"}) expect_own_answer(function, event);
  EXPECT_EQ(shell_of(function), shell);
  EXPECT_EQ(function.warnings(), "");
}

TEST(ShellProtocolTest, AfterThreeForksThatNeverHadTheirEventTheErrorSaysThatNothingRan) {
  Function function(kEcho);
  expect_own_answer(function, "first");
  const pid_t shell = shell_of(function);
  std::atomic<bool> done = false;
  std::jthread killer([&] {  // of each fork, as soon as it is there
    while (!done)
      for (const pid_t fork : proc::children_of(shell)) ::kill(fork, SIGKILL);
  });
  const Called called = function.call("second");
  done = true;
  killer.join();
  const bool ran = text_of(function, "runs") != "first\n";
  if (const auto* lost = std::get_if<proc::Lost>(&called.result.ending)) {
    EXPECT_TRUE(ran || lost->reason.find("nothing ran") != std::string::npos) << lost->reason;
    EXPECT_EQ(called.out, "");
  } else {
    EXPECT_TRUE(ran || called.status() != 0) << "an answer without a run";
  }
  function.call("which may meet a fork that is dying");
  for (const char* event : {"third", "fourth"}) expect_own_answer(function, event);
}

// A file that takes for ever when it is sourced again costs a call no more than its time.
TEST(ShellProtocolTest, AShellThatIsReplacedInsideACallKeepsTheCallsDeadline) {
  Function function("[[ ! -e again ]] || sleep 600\n>again\n" + std::string(kEcho));
  expect_own_answer(function, "first");
  const pid_t shell = shell_of(function);
  ::kill(shell, SIGKILL);
  ASSERT_TRUE(support::wait_for([&] { return !support::is_alive(shell); }));
  shell_test::CallOptions options;
  options.terminate_at = base::Deadline::after(1s);
  options.kill_at = base::Deadline::after(2s);
  const auto started = base::SteadyClock::now();
  const Called called = function.call_only("second", options);
  EXPECT_LT(base::SteadyClock::now() - started, 20s);
  ASSERT_TRUE(std::holds_alternative<proc::Lost>(called.result.ending));
  EXPECT_NE(std::get<proc::Lost>(called.result.ending).reason.find("nothing ran"), std::string::npos);
}

// A signal at any moment of a call and of the time between two.
class Killer {
 public:
  Killer(pid_t shell, std::vector<int> signals)
      : thread_([this, shell, signals = std::move(signals)] { run(shell, signals); }) {}
  ~Killer() { done_ = true; }

 private:
  void run(pid_t shell, const std::vector<int>& signals) {
    std::mt19937 random(20261130);
    while (!done_) {
      std::this_thread::sleep_for(std::chrono::microseconds(random() % 3000));
      for (const pid_t fork : proc::children_of(shell)) ::kill(fork, signals[random() % signals.size()]);
    }
  }

  std::atomic<bool> done_ = false;
  std::jthread thread_;
};

TEST(ShellProtocolTest, NoAnswerIsAnothersAndNoneShowsTheEnvironmentWheneverForksAreEnded) {
  Function function(kEcho, with_canary());
  expect_own_answer(function, "first");
  int answered = 0;
  {
    const Killer killer(shell_of(function), {SIGTERM, SIGKILL, SIGINT, SIGHUP, SIGSTOP, SIGCONT});
    for (int i = 0; i < 300; ++i) {
      const auto event = "event-" + std::to_string(i);
      shell_test::CallOptions options;
      options.terminate_at = base::Deadline::after(2s);
      options.kill_at = base::Deadline::after(3s);
      const Called called = function.call(event, options);
      if (called.status() == 0) {
        ++answered;
        EXPECT_EQ(called.out, "answer " + event);
      }
      EXPECT_EQ((called.out + called.err).find(kCanary), std::string::npos) << event;
    }
  }
  EXPECT_GT(answered, 0);
  function.call("which meets the last signal, maybe");
  for (const char* event : {"last", "very last"}) expect_own_answer(function, event);
}

}  // namespace
