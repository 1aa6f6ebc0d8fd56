// SPDX-License-Identifier: Apache-2.0
// The child at its worst, through the real bootstrap: whatever it does costs its own invocation and nothing
// else.
#include "base/deadline.h"
#include "base/io/unique_fd.h"
#include "support/bootstrap_process.h"
#include "support/control_group.h"
#include "support/lateness.h"
#include "support/orphan_end.h"
#include "support/paths.h"
#include "support/process_tools.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using support::Event;
using namespace std::chrono_literals;

class ChildTest : public testing::Test {
 protected:
  // The event "next" makes every handler answer and end, to show that the environment lives on.
  void start_script(const std::string& script, std::map<std::string, std::string> environment = {}) {
    bootstrap_.task_root.write(
        "handler.sh", "#!/bin/sh\n[ \"$(head -c 4)\" = next ] && { echo alive; exit; }\n" + script, 0755);
    bootstrap_.start({.handler = "handler.sh", .arguments = {}, .environment = std::move(environment)});
  }

  // The target with these words, which must not need quotes.
  void start_target(const std::string& words, std::map<std::string, std::string> environment = {}) {
    start_script("exec " + support::target_program() + " " + words, std::move(environment));
  }

  std::string invoke_due_in(std::chrono::milliseconds time) {
    const support::Lateness lateness;
    const auto due = base::unix_now() + time;
    const auto post = bootstrap_.invoke(Event{.id = "worst", .body = "worst", .deadline_ms = due.count()});
    late_ = base::unix_now() > due + lateness.room();
    return post.header("Lambda-Runtime-Function-Error-Type").value_or(post.body);
  }

  void expect_alive() { EXPECT_EQ(bootstrap_.invoke("next").body, "alive\n"); }

  // Nothing below the bootstrap any more.
  void expect_alone() {
    bootstrap_.wait_until_idle();
    EXPECT_EQ(support::children_of(bootstrap_.pid()), std::vector<pid_t>());
  }

  void expect_timeout_in_time(std::chrono::milliseconds time = 2s) {
    EXPECT_EQ(invoke_due_in(time), "Function.Timeout");
    EXPECT_FALSE(late_);
    expect_alive();
    expect_alone();
  }

  pid_t pid_in(const std::string& name) {
    pid_t pid = -1;
    EXPECT_TRUE(support::wait_for([&] { return bool(std::ifstream(bootstrap_.task_root / name) >> pid); }));
    return pid;
  }

  support::OrphanEnd orphans_;
  support::BootstrapProcess bootstrap_;
  bool late_ = false;
};

}  // namespace

// ---- Output and time

TEST_F(ChildTest, AFloodOfStandardOutputIsEndedAtTheLimit) {
  start_target("flood stdout 60000000000");
  EXPECT_EQ(invoke_due_in(60s), "Function.ResponseSizeTooLarge");
  expect_alive();
  expect_alone();
}

TEST_F(ChildTest, AFloodOfBinaryStandardErrorWithoutLineEndsIsEndedAtTheDeadline) {
  const base::UniqueFd nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  bootstrap_.task_root.write("handler.sh",
                             "#!/bin/sh\n[ \"$(head -c 4)\" = next ] && { echo alive; exit; }\n"
                             "exec cat /dev/zero >&2\n",
                             0755);
  bootstrap_.start({.handler = "handler.sh", .arguments = {}, .environment = {}, .log_fd = nowhere.get()});
  expect_timeout_in_time();
}

TEST_F(ChildTest, AByteNowAndThenDoesNotMoveTheDeadline) {
  start_target("byte-per 300 1000");
  expect_timeout_in_time();
}

TEST_F(ChildTest, WhoClosesAllDescriptorsAndLivesOnIsWaitedForToTheDeadline) {
  start_script("exec 0<&- 1>&- 2>&-; while :; do sleep 300; done");
  expect_timeout_in_time();
}

TEST_F(ChildTest, WhoClosesAllDescriptorsAndThenEndsHasAnEmptyAnswer) {
  start_script("exec 0<&- 1>&- 2>&-; sleep 0.2; exit 0");
  EXPECT_EQ(invoke_due_in(60s), "");
  expect_alive();
}

// ---- Stopped

TEST_F(ChildTest, WhoStopsItselfIsEndedAtTheDeadline) {
  start_script("kill -STOP $$; sleep 300");
  expect_timeout_in_time();
}

TEST_F(ChildTest, WhoStopsItsWholeGroupIsEndedAtTheDeadline) {
  start_script("sleep 300 & kill -STOP 0; wait");
  expect_timeout_in_time();
}

TEST_F(ChildTest, WhoIsStoppedIsEndedWhenTheEnvironmentIs) {
  start_script("echo $$ > pid.tmp; mv pid.tmp pid; kill -STOP $$; sleep 300");
  bootstrap_.api.push_event({.id = "stopped"});
  const auto pid = pid_in("pid");
  bootstrap_.signal(SIGTERM);
  EXPECT_EQ(bootstrap_.wait_for_post().header("Lambda-Runtime-Function-Error-Type"), "Runtime.Shutdown");
  EXPECT_EQ(bootstrap_.wait_for_end(), proc::ExitState::exited(0));
  EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(pid); }));
}

// ---- Elsewhere

TEST_F(ChildTest, WhoLeavesItsGroupIsEndedAtTheDeadline) {
  start_target("leave-group 300000");
  expect_timeout_in_time();
}

TEST_F(ChildTest, WhoStartsASessionOfItsOwnIsEndedAtTheDeadline) {
  start_script("exec setsid --fork --wait sh -c 'trap \"\" TERM; sleep 300; sleep 300'");
  expect_timeout_in_time();
}

TEST_F(ChildTest, WhoBecomesADaemonHasAnsweredAndIsEnded) {
  start_script(
      "(setsid sh -c 'echo $$ > pid.tmp; mv pid.tmp pid; exec sleep 300' &)\n"
      "while [ ! -e pid ]; do sleep 0.01; done; echo started");
  EXPECT_EQ(invoke_due_in(60s), "started\n");
  const auto daemon = pid_in("pid");
  EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(daemon); }));
  expect_alone();
}

TEST_F(ChildTest, AFunctionThatStopsItselfIsEndedAtTheDeadline) {
  bootstrap_.task_root.write(
      "function.sh", "handler() { [ \"$1\" != next ] || { echo alive; return; }; kill -STOP $BASHPID; }");
  bootstrap_.start({.handler = "function.handler", .arguments = {}, .environment = {}});
  EXPECT_EQ(invoke_due_in(2s), "Function.Timeout");
  EXPECT_FALSE(late_);
  expect_alive();
}

// ---- Without end

class ForkBombTest : public ChildTest, public testing::WithParamInterface<const char*> {};

TEST_P(ForkBombTest, IsEndedAndTheEnvironmentLivesOn) {
  // Forty processes that do nothing but fork leave a busy machine little time: more than the usual 150 ms of
  // it.
  start_target(std::string("fork-bomb ") + GetParam() + " 40 60",
               {{"SHELLSTRAP_DEADLINE_MARGIN_MS", "1500"}});
  expect_timeout_in_time(3s);
}

// Those that only grow die with their group; those that scatter are in a session each; those that flee are
// another process all the time.
INSTANTIATE_TEST_SUITE_P(Shape, ForkBombTest, testing::Values("grow", "scatter", "flee"),
                         [](const auto& shape) { return std::string(shape.param); });

TEST_F(ChildTest, AForkBombLeftInTheBackgroundIsEndedAfterTheAnswer) {
  start_script(support::target_program() + " fork-bomb scatter 40 60 >/dev/null 2>&1 & sleep 0.3; echo done");
  EXPECT_EQ(invoke_due_in(60s), "done\n");
  expect_alone();
}

TEST_F(ChildTest, AFunctionsForkBombIsEndedAndTheShellLivesOn) {
  bootstrap_.task_root.write("function.sh",
                             "handler() { [ \"$1\" != next ] || { echo $PPID; return; }; " +
                                 support::target_program() +
                                 " fork-bomb scatter 40 60 >/dev/null 2>&1 & sleep 0.3; echo $PPID; }");
  bootstrap_.start({.handler = "function.handler", .arguments = {}, .environment = {}});
  const auto shell = invoke_due_in(60s);
  EXPECT_EQ(bootstrap_.invoke("next").body, shell);
}

// ---- Memory, disk, limits

TEST_F(ChildTest, WhoExhaustsTheMemoryIsKilledAndTheBootstrapReportsIt) {
  const support::MemoryGroup group(64 << 20);
  if (!group.usable()) GTEST_SKIP() << "no memory cgroup can be made here: " << group.reason();
  start_target("eat-memory");
  bootstrap_.wait_until_idle();
  ASSERT_TRUE(group.add(bootstrap_.pid()));
  EXPECT_EQ(invoke_due_in(60s), "Function.SignalKILL");
  expect_alive();
}

TEST_F(ChildTest, WhoLivesOnIsFirstInLineWhenMemoryRunsOut) {
  start_target("print-oom");
  EXPECT_EQ(invoke_due_in(60s), "1000\n");
  std::ifstream own("/proc/" + std::to_string(bootstrap_.pid()) + "/oom_score_adj");
  int score = -1;
  own >> score;
  EXPECT_LT(score, 1000);
}

// The bootstrap itself writes to memory files and nowhere else.
TEST_F(ChildTest, WhoFillsTheDiskHarmsNoOtherInvocation) {
  const std::vector<std::string> mount = {"sh", "-c", "mount -t tmpfs -o size=1m disk disk && exec \"$@\"",
                                          "sh"};
  std::vector<std::string> through = {"unshare", "--mount"};
  if (::geteuid() != 0) through.push_back("--map-root-user");
  auto probe = through;
  probe.push_back("true");
  if (const auto can = support::run_tool(probe); !can.state.success())
    GTEST_SKIP() << "no mount namespace can be had here: " << can.err;
  through.insert(through.end(), mount.begin(), mount.end());
  bootstrap_.task_root.write("disk/below", "");
  bootstrap_.task_root.write(
      "handler.sh", "#!/bin/sh\n[ \"$(head -c 4)\" = next ] && exec wc -c\ncat /dev/zero > $TMPDIR/x\n",
      0755);
  bootstrap_.start(
      {.handler = "handler.sh",
       .arguments = {},
       .environment = {{"TMPDIR", bootstrap_.task_root / "disk"}, {"SHELLSTRAP_TMPDIR", "per-invocation"}},
       .through = through});
  const auto post = bootstrap_.invoke("fill");
  EXPECT_EQ(post.header("Lambda-Runtime-Function-Error-Type"), "Function.Exit1");
  EXPECT_NE(post.body.find("No space left on device"), std::string::npos) << post.body;
  EXPECT_EQ(bootstrap_.invoke("next" + std::string(3'000'000, 'x')).body, "3000000\n");
}

TEST_F(ChildTest, LimitsThatItSetsDieWithIt) {
  start_script("ulimit -n 16 -c 0 -f 1; nice -n 5 true; echo done");
  EXPECT_EQ(invoke_due_in(60s), "done\n");
  bootstrap_.task_root.write("handler.sh", "#!/bin/sh\nulimit -n; ulimit -f\n", 0755);
  std::istringstream limits(bootstrap_.invoke().body);
  int files = 0;
  limits >> files;
  EXPECT_GT(files, 16);
}

// ---- Curious

TEST_F(ChildTest, TheBootstrapIsClosedToItsChildren) {
  // Root's rights to trace and to profile see through this; without them, as in a container, it is a user.
  const std::vector<std::string> through = ::geteuid() == 0
                                               ? std::vector<std::string>{"setpriv", "--bounding-set=-all"}
                                               : std::vector<std::string>{};
  bootstrap_.start({.handler = {},
                    .arguments = {support::target_program(), "spy"},
                    .environment = {},
                    .through = through});
  std::istringstream lines(bootstrap_.invoke().body);
  int attempts = 0;
  for (std::string line; std::getline(lines, line); ++attempts)
    EXPECT_TRUE(line.ends_with(": refused")) << line;
  EXPECT_EQ(attempts, 8);
}

// ---- In a hurry

TEST_F(ChildTest, TwoHundredThatEndAtOnceInAnyWayAreAllAnswered) {
  start_script(
      "case $(cat) in *0) exit 0 ;; *1) kill -KILL $$ ;; *2) kill -TERM 0 ;; *3) exec 1>&- 2>&-; exit 3 ;;\n"
      "*4) (sleep 300 &) ;; *5) setsid sleep 300 & ;; *6) exec true ;; *7) kill -STOP $$ & ;; esac",
      {{"AWS_LAMBDA_MAX_CONCURRENCY", "2"}, {"SHELLSTRAP_TIMEOUT_MS", "1000"}});
  for (int i = 0; i < 200; ++i)
    bootstrap_.api.push_event({.id = "id-" + std::to_string(i), .body = "worst" + std::to_string(i)});
  std::map<std::string, int> answers;
  for (int i = 0; i < 200; ++i) ++answers[bootstrap_.wait_for_post().path];
  EXPECT_EQ(answers.size(), 200U);
  bootstrap_.wait_until_idle();
  EXPECT_EQ(support::children_of(bootstrap_.pid()), std::vector<pid_t>());
}
