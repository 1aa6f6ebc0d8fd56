// SPDX-License-Identifier: Apache-2.0
// Where standard error is empty, the last lines of standard output tell why a call failed.
#include "support/bootstrap_process.h"

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;
using Variables = std::map<std::string, std::string>;

// What a reader of the log and of the error gets to see of one failed call.
struct Failure {
  std::string type;
  json lines;  // stackTrace; null: there is no error object
  std::string log;
};

class ReasonTest : public testing::Test {
 protected:
  void start_script(const std::string& script, Variables variables = {}) {
    bootstrap_.task_root.write("handler.sh", "#!/bin/sh\n" + script, 0755);
    bootstrap_.start({.handler = "handler.sh", .arguments = {}, .environment = std::move(variables)});
  }

  void start_function(const std::string& body, Variables variables = {}) {
    bootstrap_.task_root.write("file.sh", "handler() {\n" + body + "\n}\n");
    bootstrap_.start({.handler = "file.handler", .arguments = {}, .environment = std::move(variables)});
  }

  void start_template(const std::string& script, Variables variables = {}) {
    variables["SHELLSTRAP_COMMAND"] = json{"sh", "-c", script, "sh", "{/none:-x}"}.dump();
    bootstrap_.start({.handler = "", .arguments = {}, .environment = std::move(variables)});
  }

  Failure fail() {
    const auto post = bootstrap_.invoke();
    bootstrap_.wait_until_idle();
    const auto body = json::parse(post.body, nullptr, false);
    const bool is_error = post.path.ends_with("/error") && body.is_object();
    return {post.header("Lambda-Runtime-Function-Error-Type").value_or("none"),
            is_error ? body.value("stackTrace", json()) : json(), bootstrap_.log()};
  }

  // Of what a script prints before it ends with status 4.
  Failure fail_after(const std::string& printing, Variables variables = {}) {
    start_script(printing + "\nexit 4\n", std::move(variables));
    return fail();
  }

  support::BootstrapProcess bootstrap_;
};

bool holds(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

// How a handler is written, and how it ends after it has printed why.
struct Written {
  std::string label;
  std::string print;  // the line that prints why
  enum { script, function, command } as;
};
struct Ended {
  std::string label;
  std::string line;  // that ends it
  std::string type;
  std::string type_of_function;
};
class ReasonTableTest : public ReasonTest, public testing::WithParamInterface<std::tuple<Written, Ended>> {};

}  // namespace

TEST_P(ReasonTableTest, IsInTheErrorAndInTheLog) {
  const auto& [written, ended] = GetParam();
  const auto lines = written.print + "\n" + ended.line + "\n";
  const Variables limit{{"SHELLSTRAP_TIMEOUT_MS", "4000"}};
  if (written.as == Written::script) start_script(lines, limit);
  if (written.as == Written::function) start_function(lines, limit);
  if (written.as == Written::command) start_template(lines, limit);
  const auto failure = fail();
  EXPECT_EQ(failure.type, written.as == Written::function ? ended.type_of_function : ended.type);
  EXPECT_EQ(failure.lines, (json{"checking", "FAILED: host unreachable"}));
  EXPECT_TRUE(holds(failure.log, "checking\nFAILED: host unreachable\n")) << failure.log;
}

constexpr const char* kPrint = "printf 'checking\\nFAILED: host unreachable'";

INSTANTIATE_TEST_SUITE_P(
    Table, ReasonTableTest,
    testing::Combine(testing::Values(Written{"script", kPrint, Written::script},
                                     Written{"joined", std::string("exec 2>&1\n") + kPrint + " >&2",
                                             Written::script},
                                     Written{"function", kPrint, Written::function},
                                     Written{"joined_function", std::string("exec 2>&1\n") + kPrint + " >&2",
                                             Written::function},
                                     Written{"template", kPrint, Written::command}),
                     testing::Values(Ended{"status", "exit 4", "Function.Exit4", "Function.Exit4"},
                                     Ended{"signal", "kill -KILL $(exec sh -c 'echo $PPID')",
                                           "Function.SignalKILL", "Function.Exit137"},
                                     Ended{"deadline", "sleep 600", "Function.Timeout", "Function.Timeout"})),
    [](const auto& row) { return std::get<0>(row.param).label + "_" + std::get<1>(row.param).label; });

TEST_F(ReasonTest, OfSixMegabytesTheLastLinesAreShown) {
  const auto failure = fail_after("yes 'a line like any other' | head -c 6000000; echo; echo FAILED");
  ASSERT_EQ(failure.lines.size(), 20U);
  EXPECT_EQ(failure.lines[19], "FAILED");
  EXPECT_EQ(failure.lines[0], "a line like any other");
  EXPECT_LT(failure.log.size(), 8U * 1024);
  EXPECT_TRUE(holds(failure.log, "a line like any other\n"));
}

TEST_F(ReasonTest, OfAHugeLineTheLastEightKibibytesAreShown) {
  const auto failure = fail_after("head -c 3000000 /dev/zero | tr '\\0' x; printf END");
  ASSERT_EQ(failure.lines.size(), 1U);
  EXPECT_EQ(failure.lines[0], std::string(8 * 1024 - 3, 'x') + "END");
}

// Each start of the excerpt within a character of three bytes.
TEST_F(ReasonTest, NoCharacterIsTornWhereTheExcerptBegins) {
  start_script("event=$(cat); printf %s \"$event\"; yes '✓' | head -n 4000 | tr -d '\\n'; exit 4");
  for (const std::string begin : {"a", "ab", "abc"}) {
    const auto body = json::parse(bootstrap_.invoke(begin).body, nullptr, false);
    ASSERT_EQ(body["stackTrace"].size(), 1U) << begin;
    const auto line = body["stackTrace"][0].get<std::string>();
    EXPECT_EQ(line.size(), 8 * 1024 / 3 * 3U) << begin;
    EXPECT_TRUE(line.starts_with("✓")) << begin;
  }
}

TEST_F(ReasonTest, NulBytesAreTextLikeAnyOther) {
  const auto failure = fail_after("printf 'a\\0b\\n'");
  EXPECT_EQ(failure.lines, json{std::string("a\0b", 3)});
  EXPECT_TRUE(holds(failure.log, std::string("a\0b\n", 4)));
}

TEST_F(ReasonTest, WhatIsNoUtf8IsNotShown) {
  const auto failure = fail_after("printf 'words \\377\\n'");
  EXPECT_EQ(failure.lines, json::array());
  EXPECT_FALSE(holds(failure.log, "words")) << failure.log;
  EXPECT_TRUE(holds(failure.log, "bytes_out=8")) << failure.log;
}

TEST_F(ReasonTest, WhereStandardErrorSaysSomethingStandardOutputIsNotShown) {
  const auto failure = fail_after("echo half-an-answer; echo why >&2");
  EXPECT_EQ(failure.lines, json{"why"});
  EXPECT_FALSE(holds(failure.log, "half-an-answer")) << failure.log;
  EXPECT_TRUE(holds(failure.log, "bytes_out=15")) << failure.log;
}

TEST_F(ReasonTest, AnErrorObjectIsNotShownBeside) {
  for (const std::string end : {"exit 4", "kill -KILL $$"}) {
    support::BootstrapProcess bootstrap;
    bootstrap.task_root.write("handler.sh", "#!/bin/sh\necho '{\"errorMessage\": \"who?\"}'\n" + end + "\n",
                              0755);
    bootstrap.start({.handler = "handler.sh", .arguments = {}, .environment = {}});
    const auto body = json::parse(bootstrap.invoke().body, nullptr, false);
    EXPECT_EQ(body.value("stackTrace", json()), json::array()) << end;
    bootstrap.wait_until_idle();
    EXPECT_FALSE(holds(bootstrap.log(), "{\"errorMessage")) << bootstrap.log();
  }
}

TEST_F(ReasonTest, ASettingLeavesItOutOfErrorAndLog) {
  const auto failure = fail_after("echo secret", {{"SHELLSTRAP_ERROR_STDERR", "off"}});
  EXPECT_EQ(failure.lines, json::array());
  EXPECT_FALSE(holds(failure.log, "secret")) << failure.log;
}

TEST_F(ReasonTest, ACgiResponseIsNotShown) {
  const auto failure = fail_after("printf 'Content-Type: text/plain\\n\\nhalf-an-answer\\n'",
                                  {{"SHELLSTRAP_RESPONSE_FORMAT", "cgi"}});
  EXPECT_FALSE(holds(failure.lines.dump(), "half-an-answer"));
  EXPECT_FALSE(holds(failure.log, "half-an-answer")) << failure.log;
}

TEST_F(ReasonTest, AStreamedAnswerIsNotShown) {
  const auto failure = fail_after("echo half-an-answer", {{"SHELLSTRAP_INVOKE_MODE", "stream"}});
  EXPECT_FALSE(holds(failure.log, "half-an-answer")) << failure.log;
}

TEST_F(ReasonTest, AResultThatCameTooLateIsNotShown) {
  start_script("echo half-an-answer; sleep 600",
               {{"SHELLSTRAP_RESPONSE_FORMAT", "result"}, {"SHELLSTRAP_TIMEOUT_MS", "2000"}});
  const auto failure = fail();
  EXPECT_EQ(failure.type, "Function.Timeout");
  EXPECT_EQ(failure.lines, json::array());
  EXPECT_FALSE(holds(failure.log, "half-an-answer")) << failure.log;
}

TEST_F(ReasonTest, AnAnswerThatIsTooLargeIsNotShown) {
  const auto failure = fail_after("yes answer | head -c 7000000");
  EXPECT_EQ(failure.type, "Function.ResponseSizeTooLarge");
  EXPECT_EQ(failure.lines, json::array());
  EXPECT_FALSE(holds(failure.log, "answer\nanswer")) << failure.log;
}

// Where standard output is log, its lines are there already.
TEST_F(ReasonTest, StandardOutputBesideTheAnswerIsShownAndLoggedOnce) {
  for (const std::string answer : {"stderr", "fd:3"}) {
    support::BootstrapProcess bootstrap;
    bootstrap.task_root.write("handler.sh", "#!/bin/sh\necho why\nexit 4\n", 0755);
    bootstrap.start(
        {.handler = "handler.sh", .arguments = {}, .environment = {{"SHELLSTRAP_RESPONSE", answer}}});
    const auto body = json::parse(bootstrap.invoke().body, nullptr, false);
    EXPECT_EQ(body.value("stackTrace", json()), json{"why"}) << answer;
    bootstrap.wait_until_idle();
    const auto log = bootstrap.log();
    EXPECT_NE(log.find("why\n"), std::string::npos) << log;
    EXPECT_EQ(log.find("why\n"), log.rfind("why\n")) << log;
  }
}

TEST_F(ReasonTest, OfALargeAnswerOnStandardErrorTheLastLinesAreShownAndLogged) {
  const auto failure =
      fail_after("exec >&2; yes line | head -n 20000; echo why", {{"SHELLSTRAP_RESPONSE", "stderr"}});
  ASSERT_EQ(failure.lines.size(), 20U);
  EXPECT_EQ(failure.lines[19], "why");
  EXPECT_TRUE(holds(failure.log, "line\nwhy\n")) << failure.log;
}
