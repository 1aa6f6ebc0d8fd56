// SPDX-License-Identifier: Apache-2.0
// The bootstrap where /proc or /dev/null is missing, and with few descriptors.
#include "support/bootstrap_process.h"
#include "support/orphan_end.h"
#include "support/process_tools.h"

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using proc::ExitState;

class BareSystemTest : public testing::Test {
 protected:
  // Functions and a program that does the same.
  void write_handlers(const std::string& body) {
    bootstrap_.task_root.write("functions.sh", "handler() {\n" + body + "\n}\n");
    bootstrap_.task_root.write("program", "#!/bin/bash\nhandler() {\n" + body + "\n}\nhandler \"$(cat)\"\n",
                               0755);
  }

  void start(const std::string& handler, int workers, std::vector<std::string> through) {
    workers_ = workers;
    bootstrap_.start(
        {.handler = handler,
         .arguments = {},
         .environment = {{"AWS_LAMBDA_MAX_CONCURRENCY", workers == 1 ? "" : std::to_string(workers)}},
         .through = std::move(through)});
  }

  // The message of the init error, which is the last thing that it says.
  std::string init_error() {
    const auto post = bootstrap_.wait_for_post();
    EXPECT_EQ(post.path, "/2018-06-01/runtime/init/error");
    EXPECT_EQ(bootstrap_.wait_for_end(), ExitState::exited(1));
    return post.body;
  }

  int workers_ = 1;
  support::OrphanEnd orphans_;
  support::BootstrapProcess bootstrap_;
};

// ---- File systems

class MissingFilesTest : public BareSystemTest {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) through_.push_back("--map-root-user");
    auto probe = through_;
    probe.push_back("true");
    const auto can = support::run_tool(probe);
    if (!can.state.success()) GTEST_SKIP() << "no mount namespace can be had here: " << can.err;
  }

  // With an empty folder in its place.
  std::vector<std::string> without(const std::string& folder) {
    auto words = through_;
    words.insert(words.end(), {"sh", "-c", "mount -t tmpfs none " + folder + " && exec \"$@\"", "sh"});
    return words;
  }

  std::vector<std::string> through_ = {"unshare", "--mount"};
};

TEST_F(MissingFilesTest, WithoutProcAProgramIsServedAndItsStrayLeftoversAreSaidToStay) {
  write_handlers("[ \"$1\" != leave ] || { setsid sleep 30 >/dev/null 2>&1 & }; [ \"$1\" != fail ]; ");
  start("program", 1, without("/proc"));
  EXPECT_TRUE(bootstrap_.invoke("leave").path.ends_with("/response")) << bootstrap_.log();
  EXPECT_EQ(bootstrap_.invoke("fail").header("Lambda-Runtime-Function-Error-Type"), "Function.Exit1");
  EXPECT_TRUE(bootstrap_.logs("open /proc/self/task"));
  EXPECT_TRUE(bootstrap_.logs("cannot be found, and stays"));
  bootstrap_.signal(SIGTERM);
  EXPECT_EQ(bootstrap_.wait_for_end(), ExitState::exited(0));
}

// They end by themselves, one after the other, and nobody but the bootstrap can reap them.
TEST_F(MissingFilesTest, WithoutProcOrphansThatHaveEndedAreReaped) {
  write_handlers("setsid true & wait $!; (setsid true &)");
  start("program", 1, without("/proc"));
  for (int i = 0; i < 10; ++i) bootstrap_.invoke();
  bootstrap_.wait_until_idle();
  EXPECT_LE(support::children_of(bootstrap_.pid()).size(), 2U);
}

TEST_F(MissingFilesTest, WithoutProcAShellFunctionIsAnInitError) {
  write_handlers(":");
  start("functions.handler", 1, without("/proc"));
  EXPECT_NE(init_error().find("Shell functions need /proc"), std::string::npos);
}

TEST_F(MissingFilesTest, WithoutDevNullAShellFunctionIsAnInitErrorThatNamesIt) {
  write_handlers(":");
  start("functions.handler", 1, without("/dev"));
  EXPECT_NE(init_error().find("open /dev/null: No such file or directory"), std::string::npos);
}

TEST_F(MissingFilesTest, WithoutDevNullAProgramIsServed) {
  write_handlers("echo \"got $1\"");
  start("program", 1, without("/dev"));
  EXPECT_EQ(bootstrap_.invoke("this").body, "got this\n");
}

// ---- Descriptors

class FewDescriptorsTest : public BareSystemTest {
 protected:
  static std::vector<std::string> limited(const std::string& options) {
    return {"sh", "-c", "ulimit " + options + " && exec \"$@\"", "sh"};
  }

  // The numbers that an init error names: what is needed, what there is, and what that is enough for.
  static std::vector<std::size_t> numbers_in(const std::string& message) {
    static const std::regex kPattern("needs up to (\\d+) descriptors.* allows (\\d+) .*enough for (\\d+)");
    std::smatch found;
    if (!std::regex_search(message, found, kPattern)) return {0, 0, 0};
    return {std::stoul(found[1]), std::stoul(found[2]), std::stoul(found[3])};
  }

  // A call on each worker at the same time, each of which leaves a process running.
  void expect_all_served() {
    ASSERT_TRUE(bootstrap_.api.wait_until_parked(static_cast<std::size_t>(workers_), 60s))
        << bootstrap_.log();
    for (int round = 0; round < 2; ++round) {
      std::set<std::string> answers;
      for (int i = 0; i < workers_; ++i)
        bootstrap_.api.push_event({.id = name(i, round), .body = name(i, round)});
      for (int i = 0; i < workers_; ++i) {
        const auto post = bootstrap_.wait_for_post();
        EXPECT_TRUE(post.path.ends_with("/response")) << post.body;
        answers.insert(post.body);
      }
      EXPECT_EQ(answers.size(), static_cast<std::size_t>(workers_));
    }
    expect_nothing_wanting();
  }
  // What else a starved machine has to say, that a shell is slow to start or to end, is none of this.
  void expect_nothing_wanting() const {
    const auto log = bootstrap_.log();
    for (const char* wanting : {"descriptor", "open files"})
      EXPECT_EQ(log.find(wanting), std::string::npos) << log;
  }
  static std::string name(int worker, int round) {
    return std::to_string(worker) + "-" + std::to_string(round);
  }

  void write_answering() {
    write_handlers("setsid sleep 30 >/dev/null 2>&1 & printf %080000d 0; echo \"$1\"");
  }
};

class LimitedHandlerTest : public FewDescriptorsTest, public testing::WithParamInterface<const char*> {};

TEST_P(LimitedHandlerTest, AreAnInitErrorWithNumbers) {
  write_handlers(":");
  start(GetParam(), 16, limited("-n 160"));
  const auto message = init_error();
  const auto numbers = numbers_in(message);
  EXPECT_GT(numbers[0], 160U) << message;
  EXPECT_EQ(numbers[1], 160U) << message;
  EXPECT_GT(numbers[2], 0U) << message;
  EXPECT_LT(numbers[2], 16U) << message;
}

TEST_P(LimitedHandlerTest, WhatTheInitErrorAsksForIsEnough) {
  write_answering();
  support::BootstrapProcess refused;
  refused.task_root.write("functions.sh", "handler() { :; }");
  refused.task_root.write("program", "", 0755);
  refused.start({.handler = GetParam(),
                 .arguments = {},
                 .environment = {{"AWS_LAMBDA_MAX_CONCURRENCY", "16"}},
                 .through = limited("-n 120")});
  const auto needed = numbers_in(refused.wait_for_post().body)[0];
  start(GetParam(), 16, limited("-n " + std::to_string(needed)));
  expect_all_served();
}

// The soft limit is raised for the bootstrap alone.
TEST_P(LimitedHandlerTest, AreRaisedToTheHardLimitAndChildrenSeeWhatWasGiven) {
  write_handlers("ulimit -Sn; ulimit -Hn");
  start(GetParam(), 16, limited("-Sn 120 && ulimit -Hn 2000"));
  EXPECT_EQ(bootstrap_.invoke().body, "120\n2000\n") << bootstrap_.log();
}

INSTANTIATE_TEST_SUITE_P(All, LimitedHandlerTest, testing::Values("program", "functions.handler"),
                         [](const auto& handler) {
                           return std::string(handler.param) == "program" ? "program" : "function";
                         });

// What the service gives, with the most workers that it starts.
TEST_F(FewDescriptorsTest, SixtyFourShellFunctionsHaveEnoughWith1024) {
  write_answering();
  start("functions.handler", 64, limited("-n 1024"));
  expect_all_served();
}

}  // namespace
