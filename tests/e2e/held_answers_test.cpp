// SPDX-License-Identifier: Apache-2.0
// A process that the handler leaves running, and that still has the answer open: what it would have written
// is lost, and one warning says so.
#include "support/bootstrap_process.h"

#include <map>
#include <ostream>
#include <string>
#include <tuple>

#include <gtest/gtest.h>

namespace {

std::size_t times_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

constexpr const char* kHeldWarning = "warn: a process that the handler left running had the answer open";

/// What a bash program does, or a function.
struct HeldWay {
  const char* name;
  const char* body;
  std::size_t warnings;  ///< of a call
  const char* answer;
};

void PrintTo(const HeldWay& way, std::ostream* out) {
  *out << way.name;
}

constexpr HeldWay kHeldWays[] = {
    {"substitution", "echo answer > >(sleep 60; cat)\n", 1, ""},
    {"all_through_a_substitution", "exec > >(sleep 60; cat)\necho answer\n", 1, ""},
    {"background_writer", "(sleep 60; echo late) &\necho answer\n", 1, "answer\n"},
    {"several_in_sessions_of_their_own", "for i in 1 2 3; do setsid sleep 60 & done\necho answer\n", 1,
     "answer\n"},
    {"background_writer_below_one_that_is_silent",
     "(sh -c 'sleep 60 >&3 & exec >/dev/null 3>&-; wait' 3>&1) &\necho answer\n", 1, "answer\n"},
    {"substitution_that_is_waited_for", "echo answer > >(sleep 0.1; cat)\nwait \"$!\"\n", 0, "answer\n"},
    {"all_through_one_that_is_waited_for",
     "exec 3>&1 > >(sleep 0.1; cat)\nlogger=$!\necho answer\nexec >&3 3>&-\nwait \"$logger\"\n", 0,
     "answer\n"},
    {"background_writer_that_is_waited_for", "(sleep 0.1; echo late) &\necho answer\nwait\n", 0,
     "answer\nlate\n"},
    {"sent_elsewhere",
     "mkfifo \"$TMPDIR/is-sent\"\n"
     "sh -c 'exec >/dev/null 2>&1; echo >\"$TMPDIR/is-sent\"; exec sleep 60' &\n"
     "read -r _ <\"$TMPDIR/is-sent\"\necho answer\n",
     0, "answer\n"},
};

// The way, the handler, and what its answer is read from.
class HeldAnswerTest : public testing::TestWithParam<std::tuple<HeldWay, const char*, const char*>> {
 protected:
  void start(std::map<std::string, std::string> environment) {
    const std::string body = std::get<0>(GetParam()).body;
    bootstrap_.task_root.write("program", "#!/bin/bash\n" + body, 0755);
    bootstrap_.task_root.write("functions.sh", "handler() {\n" + body + "}\n");
    environment["SHELLSTRAP_TMPDIR"] = "per-invocation";
    environment["SHELLSTRAP_RESPONSE"] = std::get<2>(GetParam());
    bootstrap_.start({.handler = std::get<1>(GetParam()), .arguments = {}, .environment = environment});
  }

  void expect_one_call(std::size_t warnings_until_now) {
    const auto& way = std::get<0>(GetParam());
    const auto post = bootstrap_.invoke();
    EXPECT_TRUE(post.path.ends_with("/response")) << post.body;
    EXPECT_EQ(post.body, way.answer);
    bootstrap_.wait_until_idle();
    EXPECT_EQ(times_of(bootstrap_.log(), kHeldWarning), warnings_until_now) << bootstrap_.log();
  }

  support::BootstrapProcess bootstrap_;
};

TEST_P(HeldAnswerTest, IsOneWarningOfEachCall) {
  start(support::kOneWorker);
  const auto warnings = std::get<0>(GetParam()).warnings;
  expect_one_call(warnings);
  expect_one_call(2 * warnings);
}

std::string name_of_held_answer(const testing::TestParamInfo<HeldAnswerTest::ParamType>& tested) {
  const bool is_program = std::string(std::get<1>(tested.param)) == "program";
  return std::string(std::get<0>(tested.param).name) + (is_program ? "_program_" : "_function_") +
         std::get<2>(tested.param);
}

INSTANTIATE_TEST_SUITE_P(All, HeldAnswerTest,
                         testing::Combine(testing::ValuesIn(kHeldWays),
                                          testing::Values("program", "functions.handler"),
                                          testing::Values("stdout", "memory")),
                         name_of_held_answer);

class HeldLogTest : public testing::Test {
 protected:
  std::string log_of(const std::string& body, const std::map<std::string, std::string>& environment) {
    support::BootstrapProcess bootstrap;
    bootstrap.task_root.write("program", "#!/bin/bash\n" + body, 0755);
    bootstrap.start({.handler = "program", .arguments = {}, .environment = environment});
    bootstrap.invoke();
    bootstrap.wait_until_idle();
    return bootstrap.log();
  }
};

TEST_F(HeldLogTest, IsNoWarningBecauseItIsNoAnswer) {
  EXPECT_EQ(times_of(log_of("sleep 60 >/dev/null &\n", {}), kHeldWarning), 0U);
}

TEST_F(HeldLogTest, IsOneWhereStandardErrorIsTheAnswer) {
  EXPECT_EQ(times_of(log_of("sleep 60 >/dev/null &\n", {{"SHELLSTRAP_RESPONSE", "stderr"}}), kHeldWarning),
            1U);
}

TEST_F(HeldLogTest, ACallThatWasEndedHasItsErrorAndNoWarning) {
  const auto log = log_of("sleep 60 &\nsleep 60\n", {{"SHELLSTRAP_TIMEOUT_MS", "300"}});
  EXPECT_EQ(times_of(log, kHeldWarning), 0U) << log;
}

}  // namespace
