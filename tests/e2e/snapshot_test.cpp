// SPDX-License-Identifier: Apache-2.0
// SnapStart through the real bootstrap, against a scripted server: no emulator takes snapshots.
#include "support/bootstrap_process.h"
#include "support/process_tools.h"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;
using proc::ExitState;
using support::RecordedRequest;
using support::Reply;
using namespace std::chrono_literals;
using Variables = std::map<std::string, std::string>;

const std::string kRuntime = "/2018-06-01/runtime/";
const std::string kRestoreNext = kRuntime + "restore/next";

Variables with_snapshots(Variables more) {
  more["AWS_LAMBDA_INITIALIZATION_TYPE"] = "snap-start";
  return more;
}

/// The real bootstrap and a function's file, "function.sh".
class Copy {
 public:
  Copy(const std::string& text, Variables environment) {
    process.task_root.write("function.sh", text);
    process.start({.handler = "function.handler",
                   .arguments = {},
                   .environment = with_snapshots(std::move(environment))});
  }

  support::BootstrapProcess process;
};

class SnapshotTest : public testing::Test {
 protected:
  void start(Variables environment, const std::string& script = "cat hooks 2>/dev/null; echo served\n") {
    process_.task_root.write("handler.sh", "#!/bin/sh\n" + script, 0755);
    process_.start(
        {.handler = "handler.sh", .arguments = {}, .environment = with_snapshots(std::move(environment))});
  }

  void start_function(const std::string& text, Variables environment) {
    process_.task_root.write("function.sh", text);
    process_.start({.handler = "function.handler",
                    .arguments = {},
                    .environment = with_snapshots(std::move(environment))});
  }

  // The error that ends the process, posted to `path`; nobody has asked for an event.
  json failed(const std::string& path, const std::string& type) {
    const auto post = process_.wait_for_post();
    EXPECT_EQ(post.path, kRuntime + path);
    EXPECT_EQ(post.header("Lambda-Runtime-Function-Error-Type"), type);
    EXPECT_EQ(process_.wait_for_end(), ExitState::exited(1));
    for (const auto& request : process_.api.requests()) EXPECT_FALSE(request.is_next());
    auto body = json::parse(post.body, nullptr, false);
    EXPECT_EQ(body.value("errorType", ""), type);
    return body;
  }

  void expect_failed(const std::string& path, const std::string& type, const std::string& words) {
    const auto body = failed(path, type);
    EXPECT_NE(body.value("errorMessage", "").find(words), std::string::npos) << body;
  }

  std::vector<std::string> paths() {
    std::vector<std::string> paths;
    for (const auto& request : process_.api.requests())
      paths.push_back(request.method + " " + request.path.substr(kRuntime.size()));
    return paths;
  }

  // Whether the bootstrap waits for a restore.
  bool waits_for_restore() {
    return support::wait_for([&] {
      const auto requests = process_.api.requests();
      return std::any_of(requests.begin(), requests.end(),
                         [](const RecordedRequest& request) { return request.path == kRestoreNext; });
    });
  }

  support::BootstrapProcess process_;
};

const Variables kBothCommands = {{"SHELLSTRAP_BEFORE_SNAPSHOT", "sh -c 'echo before >> hooks; cat >> hooks'"},
                                 {"SHELLSTRAP_AFTER_RESTORE", "sh -c 'echo after >> hooks'"}};

const Variables kBothFunctions = {{"SHELLSTRAP_BEFORE_SNAPSHOT", "function.before"},
                                  {"SHELLSTRAP_AFTER_RESTORE", "function.after"}};

}  // namespace

// ---- The order

TEST_F(SnapshotTest, TheSequenceIsTheDocumentedOne) {
  start(kBothCommands);
  ASSERT_TRUE(waits_for_restore());
  EXPECT_EQ(paths(), (std::vector<std::string>{"GET restore/next"})) << "nothing else before the snapshot";
  std::string hooks;
  std::getline(std::ifstream(process_.task_root / "hooks"), hooks);
  EXPECT_EQ(hooks, "before");
  process_.api.restore();
  EXPECT_EQ(process_.invoke().body, "before\nafter\nserved\n");
  auto all = paths();  // each worker asks for its event
  all.erase(std::unique(all.begin(), all.end()), all.end());
  all.resize(std::min<std::size_t>(all.size(), 3));
  EXPECT_EQ(all, (std::vector<std::string>{"GET restore/next", "GET invocation/next",
                                           "POST invocation/request-1/response"}));
}

TEST_F(SnapshotTest, NoConnectionOfBeforeIsUsedAfterwards) {
  start({});
  process_.api.restore();
  process_.invoke();
  const auto requests = process_.api.requests();
  ASSERT_GE(requests.size(), 2U);
  EXPECT_EQ(requests[0].path, kRestoreNext);
  EXPECT_NE(requests[1].connection, requests[0].connection);
  EXPECT_TRUE(process_.api.wait_until_ended(1, 20s));
}

TEST_F(SnapshotTest, ADeadlineCountsFromTheClockAfterTheRestore) {
  start({}, "exec sleep 64");
  ASSERT_TRUE(waits_for_restore());
  process_.api.restore();
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  const auto post = process_.invoke(support::Event{.id = "a", .deadline_ms = (now + 1500ms).count()});
  EXPECT_EQ(post.header("Lambda-Runtime-Function-Error-Type"), "Function.Timeout");
}

TEST_F(SnapshotTest, WithoutSnapshotsNoHookRunsAndNothingIsWaitedFor) {
  process_.task_root.write("handler.sh", "#!/bin/sh\nls hooks 2>/dev/null; echo served\n", 0755);
  process_.start({.handler = "handler.sh", .arguments = {}, .environment = kBothCommands});
  EXPECT_EQ(process_.invoke().body, "served\n");
  EXPECT_EQ(paths().front(), "GET invocation/next");
}

TEST_F(SnapshotTest, InitRunsBeforeTheSnapshotAndOnce) {
  auto variables = kBothCommands;
  variables["SHELLSTRAP_INIT"] = "sh -c 'echo init >> hooks'";
  start(variables);
  process_.api.restore();
  EXPECT_EQ(process_.invoke().body, "init\nbefore\nafter\nserved\n");
}

TEST_F(SnapshotTest, WhatAHookHasStartedStays) {
  start({{"SHELLSTRAP_AFTER_RESTORE", "sh -c 'setsid sleep 300 >/dev/null 2>&1 & echo $! > daemon'"}},
        "kill -0 $(cat daemon) && echo alive");
  process_.api.restore();
  EXPECT_EQ(process_.invoke().body, "alive\n");
  EXPECT_EQ(process_.invoke().body, "alive\n");
}

TEST_F(SnapshotTest, SigtermWhileItWaitsForTheRestoreIsTheEnd) {
  start(kBothCommands);
  ASSERT_TRUE(waits_for_restore());
  process_.signal(SIGTERM);
  EXPECT_EQ(process_.wait_for_end(), ExitState::exited(0));
  EXPECT_TRUE(process_.api.posts().empty());
}

TEST_F(SnapshotTest, SigtermWhileAFunctionRunsAsAHookIsTheEndToo) {
  start_function("handler() { :; }; before() { trap '' TERM; : > here; sleep 64; }; after() { :; }",
                 kBothFunctions);
  ASSERT_TRUE(support::wait_for([&] { return bool(std::ifstream(process_.task_root / "here")); }));
  process_.signal(SIGTERM);
  EXPECT_EQ(process_.wait_for_end(), ExitState::exited(0));
  EXPECT_TRUE(process_.api.requests().empty());
}

// ---- Failures

TEST_F(SnapshotTest, ABeforeHookThatFailsIsAnInitErrorAndNoSnapshotIsTaken) {
  start({{"SHELLSTRAP_BEFORE_SNAPSHOT", "sh -c 'echo why >&2; exit 3'"}});
  const auto body = failed("init/error", "Runtime.BeforeSnapshotError");
  EXPECT_NE(body.value("errorMessage", "").find("ended with status 3"), std::string::npos) << body;
  EXPECT_EQ(body.value("stackTrace", json()), json({"why"}));
  EXPECT_EQ(paths(), (std::vector<std::string>{"POST init/error"}));
}

TEST_F(SnapshotTest, AnAfterHookThatFailsIsARestoreError) {
  start({{"SHELLSTRAP_AFTER_RESTORE", "sh -c 'echo why >&2; exit 4'"}});
  process_.api.restore();
  const auto body = failed("restore/error", "Runtime.AfterRestoreError");
  EXPECT_NE(body.value("errorMessage", "").find("ended with status 4"), std::string::npos) << body;
  EXPECT_EQ(body.value("stackTrace", json()), json({"why"}));
}

TEST_F(SnapshotTest, ARestoreErrorThatIsRefusedIsLoggedAndTheEndIsTheSame) {
  process_.api.push_post(Reply::error(403, "InvalidStateTransition", "not restoring"));
  start({{"SHELLSTRAP_AFTER_RESTORE", "false"}});
  process_.api.restore();
  failed("restore/error", "Runtime.AfterRestoreError");
  EXPECT_TRUE(process_.logs("403 InvalidStateTransition: not restoring"));
}

TEST_F(SnapshotTest, AnAfterHookThatIsNotThereIsFoundBeforeTheSnapshot) {
  start({{"SHELLSTRAP_AFTER_RESTORE", "not-there-at-all"}});
  expect_failed("init/error", "Runtime.InitError", "SHELLSTRAP_AFTER_RESTORE (not-there-at-all)");
}

class RefusedRestoreTest : public SnapshotTest, public testing::WithParamInterface<int> {};

TEST_P(RefusedRestoreTest, IsAnInitErrorAndTheEnd) {
  process_.api.push_restore(Reply::error(GetParam(), "SomeRefusal", "no"));
  start(kBothCommands);
  expect_failed("init/error", "Runtime.InitError", std::to_string(GetParam()) + " SomeRefusal: no");
}

INSTANTIATE_TEST_SUITE_P(All, RefusedRestoreTest, testing::Values(400, 403, 500));

TEST_F(SnapshotTest, WhereThereIsNoSuchPathTheFunctionServesAndItsHooksRun) {
  process_.api.push_restore(Reply::with(404, {}, "404 page not found"));
  start(kBothCommands);
  EXPECT_EQ(process_.invoke().body, "before\nafter\nserved\n");
  EXPECT_TRUE(process_.logs("no snapshot is taken here"));
}

TEST_F(SnapshotTest, AConnectionThatDiedInTheSnapshotIsMadeAnewOnce) {
  process_.api.push_restore(Reply::nothing());
  process_.api.restore();
  start(kBothCommands);
  EXPECT_EQ(process_.invoke().body, "before\nafter\nserved\n");
  const auto asked = paths();
  EXPECT_EQ(std::count(asked.begin(), asked.end(), "GET restore/next"), 2);
}

TEST_F(SnapshotTest, AConnectionThatDiesTwiceIsAnInitErrorAndTheEnd) {
  process_.api.push_restore(Reply::nothing());
  process_.api.push_restore(Reply::nothing());
  start(kBothCommands);
  expect_failed("init/error", "Runtime.InitError", "GET restore/next failed");
}

// ---- Shell functions

TEST_F(SnapshotTest, WhatShellFunctionsSetStaysInTheWarmShell) {
  start_function(
      "state=sourced; handler() { echo \"$state $more\"; state=lost; }\n"
      "before() { state+=-before; }; after() { echo said; echo more >&2; state+=-after; more=more; }",
      kBothFunctions);
  process_.api.restore();
  EXPECT_EQ(process_.invoke().body, "sourced-before-after more\n");
  EXPECT_EQ(process_.invoke().body, "sourced-before-after more\n");
  EXPECT_TRUE(process_.logs("said\nmore\n"));
}

TEST_F(SnapshotTest, EachOfSeveralWarmShellsRunsTheFunctionsAndCommandsRunOnce) {
  start_function(
      "n=0; handler() { [ -e go-$1 ] || : > go-$1; until [ -e go-1 ] && [ -e go-2 ]; do sleep "
      "0.01; done; echo \"$n $(wc -l < commands)\"; }; after() { n=1; }",
      {{"AWS_LAMBDA_MAX_CONCURRENCY", "2"},
       {"SHELLSTRAP_BEFORE_SNAPSHOT", "sh -c 'echo >> commands'"},
       {"SHELLSTRAP_AFTER_RESTORE", "function.after"}});
  process_.api.restore();
  process_.api.push_event({.id = "a", .body = "1"});
  process_.api.push_event({.id = "b", .body = "2"});
  for (int i = 0; i < 2; ++i) EXPECT_EQ(process_.wait_for_post().body, "1 1\n");
}

TEST_F(SnapshotTest, TheShellsOfABatchAndThoseWithAFolderPerCallRunThemToo) {
  start_function("n=0; handler() { [ $n = 2 ]; }; before() { ((++n)); }; after() { ((++n)); }",
                 {{"SHELLSTRAP_BEFORE_SNAPSHOT", "function.before"},
                  {"SHELLSTRAP_AFTER_RESTORE", "function.after"},
                  {"SHELLSTRAP_BATCH", "sqs"},
                  {"SHELLSTRAP_BATCH_PARALLEL", "2"},
                  {"SHELLSTRAP_TMPDIR", "per-invocation"}});
  process_.api.restore();
  const auto post =
      process_.invoke(R"({"Records": [{"messageId": "a", "body": "1", "eventSource": "aws:sqs"},)"
                      R"({"messageId": "b", "body": "2", "eventSource": "aws:sqs"}]})");
  EXPECT_EQ(json::parse(post.body, nullptr, false).value("batchItemFailures", json("none")), json::array())
      << post.body << process_.log();
}

TEST_F(SnapshotTest, AShellThatIsReplacedGoesThroughTheHooksAgain) {
  start_function(
      "handler() { [ \"$1\" = die ] && kill -9 $$; echo \"$state\"; }\n"
      "before() { state+=before; }; after() { state+=-after; }",
      kBothFunctions);
  process_.api.restore();
  process_.invoke("die");
  EXPECT_EQ(process_.invoke().body, "before-after\n");
}

TEST_F(SnapshotTest, AFunctionThatFailsIsItsError) {
  start_function("handler() { :; }; before() { :; }; after() { echo why >&2; return 3; }", kBothFunctions);
  process_.api.restore();
  const auto body = failed("restore/error", "Runtime.AfterRestoreError");
  EXPECT_EQ(body.value("errorMessage", ""), "SHELLSTRAP_AFTER_RESTORE (function.after) ended with status 3.");
  EXPECT_EQ(body.value("stackTrace", json()), json({"why"}));
}

TEST_F(SnapshotTest, AFunctionThatEndsTheShellIsItsError) {
  start_function("set -e; handler() { :; }; before() { false; :; }; after() { :; }", kBothFunctions);
  expect_failed("init/error", "Runtime.BeforeSnapshotError", "ended its shell, which ended with status 1");
}

TEST_F(SnapshotTest, AFunctionThatIsNotThereIsFoundAtInit) {
  start_function("handler() { :; }; before() { :; }", kBothFunctions);
  expect_failed("init/error", "Runtime.InitError", "defines no function after, which is a hook");
}

TEST_F(SnapshotTest, AFunctionOfAnotherFileIsRefused) {
  process_.task_root.write("other.sh", "after() { :; }");
  start_function("handler() { :; }", {{"SHELLSTRAP_AFTER_RESTORE", "other.after"}});
  expect_failed("init/error", "Runtime.InitError", "is not the handler's file");
}

// ---- Chance

// A snapshot is taken of one process, and each copy would go on with the same numbers: two processes with one
// seed stand for two copies.
TEST_F(SnapshotTest, TwoCopiesWithOneSeedHaveOtherRandomNumbersInTheirHooksAndCalls) {
  const auto* const text =
      "RANDOM=1; before() { echo before $RANDOM $RANDOM; }; after() { echo after $RANDOM $RANDOM; }\n"
      "handler() { echo $RANDOM $RANDOM ${SRANDOM-}; }";
  std::vector<std::string> before;
  std::vector<std::string> after;
  std::vector<std::string> calls;
  for (int i = 0; i < 2; ++i) {
    Copy copy(text, kBothFunctions);
    copy.process.api.restore();
    calls.push_back(copy.process.invoke().body);
    const auto log = copy.process.log();
    const auto line = [&](const std::string& word) {
      const auto start = log.find(word);
      return start == std::string::npos ? "" : log.substr(start, log.find('\n', start) - start);
    };
    before.push_back(line("before "));
    after.push_back(line("after "));
  }
  EXPECT_EQ(before[0], before[1]) << "the seed is what the copies have in common";
  EXPECT_NE(before[0], "");
  EXPECT_NE(after[0], "");
  EXPECT_NE(after[0], after[1]);
  EXPECT_NE(calls[0], calls[1]);
}
