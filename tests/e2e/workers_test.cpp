// SPDX-License-Identifier: Apache-2.0
// Several workers in one bootstrap, and what invocations leave running, through the real bootstrap.
#include "base/deadline.h"
#include "base/text/text.h"
#include "support/bootstrap_process.h"
#include "support/lateness.h"
#include "support/paths.h"
#include "support/process_tools.h"

#include <csignal>
#include <fstream>
#include <map>
#include <set>

#include <gtest/gtest.h>

namespace {

using support::Event;
using namespace std::chrono_literals;

class WorkersTest : public testing::Test {
 protected:
  void start(const std::string& script, std::map<std::string, std::string> environment = {}) {
    bootstrap_.task_root.write("handler.sh", "#!/bin/sh\n" + script, 0755);
    bootstrap_.start({.handler = "handler.sh", .arguments = {}, .environment = std::move(environment)});
  }

  // Processes whose numbers handlers have written into the task root, one file each.
  std::vector<pid_t> noted(int count) {
    std::vector<pid_t> pids;
    const auto all_noted = [&] {
      pids.clear();
      for (int i = 1; i <= count; ++i) {
        pid_t pid = -1;
        if (std::ifstream(bootstrap_.task_root / ("pid-" + std::to_string(i))) >> pid) pids.push_back(pid);
      }
      return pids.size() == static_cast<std::size_t>(count);
    };
    EXPECT_TRUE(support::wait_for(all_noted));
    return pids;
  }

  support::BootstrapProcess bootstrap_;
};

// Leaves three daemons that nothing connects to the call any more: other session, other parent.
const char* const kThreeDaemons =
    "n=$(cat)\n"
    "for i in 1 2 3; do setsid sh -c \"(echo \\$\\$ > pid-$((n * 3 + i)).tmp; mv pid-$((n * 3 + i)).tmp "
    "pid-$((n * 3 + i)); "
    "exec sleep 64) & \" ; done >/dev/null 2>&1 </dev/null\n"
    "while [ ! -e pid-$((n * 3 + 3)) ] || [ ! -e pid-$((n * 3 + 2)) ] || [ ! -e pid-$((n * 3 + 1)) ]; do "
    "sleep 0.01; done\n"
    "echo done $n\n";

}  // namespace

TEST_F(WorkersTest, FourWorkersServeFourEventsAtOnceAndEveryAnswerIsItsOwn) {
  start("cat; while [ ! -e go ]; do sleep 0.01; done; echo \" $AWS_LAMBDA_REQUEST_ID\"",
        {{"AWS_LAMBDA_MAX_CONCURRENCY", "4"}});
  bootstrap_.wait_until_idle();
  for (int i = 0; i < 4; ++i)
    bootstrap_.api.push_event({.id = "id-" + std::to_string(i), .body = "event-" + std::to_string(i)});
  ASSERT_TRUE(support::wait_for([&] { return support::children_of(bootstrap_.pid()).size() == 4; }));
  bootstrap_.task_root.write("go", "");
  for (int i = 0; i < 4; ++i) {
    const auto post = bootstrap_.wait_for_post();
    const auto number = post.path.substr(post.path.find("id-") + 3, 1);
    EXPECT_EQ(post.body, "event-" + number + " id-" + number + "\n");
  }
}

TEST_F(WorkersTest, AnUnusableNumberOfWorkersIsOne) {
  start("cat", {{"AWS_LAMBDA_MAX_CONCURRENCY", "many"}});
  EXPECT_EQ(bootstrap_.invoke("x").body, "x");
}

// Where one of several is lost the environment is not: the other one's call runs on meanwhile.
TEST_F(WorkersTest, AWorkerThatLosesTheApiComesBackAndTheOtherOneIsUntouched) {
  start("n=$(cat); if [ $n = 1 ]; then echo $$ > pid-1; while [ ! -e go ]; do sleep 0.01; done; fi; echo $n",
        {{"AWS_LAMBDA_MAX_CONCURRENCY", "2"}});
  bootstrap_.api.push_event({.id = "long", .body = "1"});
  const auto running = noted(1);
  for (int i = 0; i < 4; ++i) bootstrap_.api.push_next(support::Reply::nothing());
  EXPECT_EQ(bootstrap_.invoke("2").body, "2\n");
  EXPECT_TRUE(bootstrap_.logs("a worker has lost the Runtime API and asks again in 100 ms"));
  bootstrap_.task_root.write("go", "");
  EXPECT_EQ(bootstrap_.wait_for_post().body, "1\n");
  EXPECT_TRUE(bootstrap_.is_running());
}

TEST_F(WorkersTest, WithoutAnyWorkerThatHasTheApiTheProcessEnds) {
  start("cat", {{"AWS_LAMBDA_MAX_CONCURRENCY", "3"}});
  ASSERT_TRUE(bootstrap_.api.wait_until_parked(3, 30s));
  for (int i = 0; i < 100; ++i) bootstrap_.api.push_next(support::Reply::error(500, "InternalServerError"));
  EXPECT_EQ(bootstrap_.wait_for_end(), proc::ExitState::exited(1));
  EXPECT_TRUE(bootstrap_.logs("error: the Runtime API is lost: GET next was refused with 500"));
}

TEST_F(WorkersTest, MoreWorkersThanThereCanBeAreAnInitError) {
  if (support::bootstrap_is_sanitized()) GTEST_SKIP() << "a sanitizer wants more addresses than this leaves";
  if (support::bootstrap_is_emulated()) GTEST_SKIP() << "the limit would be that of the emulator, too";
  bootstrap_.task_root.write("handler.sh", "#!/bin/sh\ncat", 0755);
  bootstrap_.start({.handler = "handler.sh",
                    .arguments = {},
                    .environment = {{"AWS_LAMBDA_MAX_CONCURRENCY", "64"}},
                    .through = {"prlimit", "--as=200000000"}});
  EXPECT_EQ(bootstrap_.wait_for_end(), proc::ExitState::exited(1));
  const auto post = bootstrap_.wait_for_post();
  EXPECT_EQ(post.path, "/2018-06-01/runtime/init/error");
  EXPECT_NE(post.body.find("cannot start 64 workers"), std::string::npos) << post.body;
}

// On a managed instance nobody else ends a late call, however few workers there are.
TEST_F(WorkersTest, WithoutAMarginALateCallOfAManagedInstanceIsEndedByUs) {
  start("exec sleep 69", {{"AWS_LAMBDA_MAX_CONCURRENCY", "1"}, {"SHELLSTRAP_DEADLINE_MARGIN_MS", "0"}});
  const auto due = base::unix_now() + 300ms;
  const auto post = bootstrap_.invoke({.id = "late", .body = "x", .deadline_ms = due.count()});
  EXPECT_EQ(post.header("Lambda-Runtime-Function-Error-Type"), "Function.Timeout");
}

TEST_F(WorkersTest, SigtermEndsAllWorkersAndTheirHandlers) {
  start("echo $$ > pid-$(cat); exec sleep 65", {{"AWS_LAMBDA_MAX_CONCURRENCY", "3"}});
  bootstrap_.api.push_event({.id = "a", .body = "1"});
  bootstrap_.api.push_event({.id = "b", .body = "2"});
  const auto handlers = noted(2);
  bootstrap_.signal(SIGTERM);
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(bootstrap_.wait_for_post().header("Lambda-Runtime-Function-Error-Type"), "Runtime.Shutdown");
  EXPECT_EQ(bootstrap_.wait_for_end(), proc::ExitState::exited(0));
  for (const pid_t pid : handlers) EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(pid); }));
}

TEST_F(WorkersTest, DaemonsThatLeftTheSessionAreEndedAfterTheAnswer) {
  start(kThreeDaemons);
  EXPECT_EQ(bootstrap_.invoke("0").body, "done 0\n");
  for (const pid_t pid : noted(3)) EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(pid); }));
  EXPECT_TRUE(support::wait_for([&] { return support::children_of(bootstrap_.pid()).empty(); }));
}

TEST_F(WorkersTest, DaemonsOfFourInvocationsGoAndARunningOneIsUntouched) {
  start("[ -e hold ] && { rm hold; setsid sh -c 'sleep 66 & echo $! > kept'; sleep 66; }\n" +
            std::string(kThreeDaemons),
        {{"AWS_LAMBDA_MAX_CONCURRENCY", "5"}});
  bootstrap_.task_root.write("hold", "");
  bootstrap_.api.push_event({.id = "long", .body = "9"});
  pid_t kept = -1;
  ASSERT_TRUE(support::wait_for([&] { return bool(std::ifstream(bootstrap_.task_root / "kept") >> kept); }));
  for (int i = 0; i < 4; ++i)
    bootstrap_.api.push_event({.id = "short-" + std::to_string(i), .body = std::to_string(i)});
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(bootstrap_.wait_for_post().body.starts_with("done"));
  for (const pid_t pid : noted(12)) EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(pid); }));
  EXPECT_TRUE(support::is_alive(kept));
}

TEST_F(WorkersTest, LeftoversCanBeKept) {
  start("sleep 67 >/dev/null 2>&1 & echo $! > pid-1", {{"SHELLSTRAP_LEFTOVERS", "keep"}});
  bootstrap_.invoke();
  bootstrap_.invoke();
  for (const pid_t pid : noted(1)) {
    EXPECT_TRUE(support::is_alive(pid));
    ::kill(pid, SIGKILL);
  }
}

TEST_F(WorkersTest, AFailedCallsLineCountsWhatItLeftRunning) {
  start(std::string(kThreeDaemons) + "exit 3");
  bootstrap_.invoke("0");
  bootstrap_.wait_until_idle();
  EXPECT_TRUE(bootstrap_.logs("leftovers=3"));
}

TEST_F(WorkersTest, ABackgroundProcessCostsTheAnswerLessThanATenthOfASecond) {
  start("sleep 68 & echo done");
  bootstrap_.invoke();
  auto fastest = std::chrono::steady_clock::duration::max();  // of several: the machine may be busy
  for (int i = 0; i < 10; ++i) {
    const support::Lateness lateness;
    const auto started = base::SteadyClock::now();
    EXPECT_EQ(bootstrap_.invoke().body, "done\n");
    fastest = std::min(fastest, base::SteadyClock::now() - started - lateness.room());
  }
  EXPECT_LT(fastest, 100ms);
}
