// SPDX-License-Identifier: Apache-2.0
#include "base/text/base64.h"
#include "serve_run.h"
#include "support/tasks.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using Clock = std::chrono::steady_clock;

std::string type_of(const support::HttpAnswer& answer) {
  const auto body = nlohmann::json::parse(answer.body, nullptr, false);
  return body.is_object() ? body.value("errorType", "") : "";
}

std::vector<pid_t> pids_in(const std::string& path) {
  std::vector<pid_t> pids;
  std::ifstream file(path);
  for (pid_t pid = 0; file >> pid;) pids.push_back(pid);
  return pids;
}

// The letter of /proc/PID/stat: T is stopped.
char state_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto end = text.rfind(") ");
  return end == std::string::npos ? '-' : text[end + 2];
}

// ---- Calls.

TEST(ServeTest, EventGoesInAndTheAnswerComesBack) {
  Cli cli;
  cli.script("x.sh", "echo a log line >&2; cat");
  Serve serve(cli, {"x.sh"});
  const auto answer = serve.call("{\"a\": 1}");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "{\"a\": 1}");
  EXPECT_TRUE(has(serve.log(), "a log line\n")) << serve.log();
  EXPECT_TRUE(has(serve.log(), "REPORT RequestId")) << serve.log();
}

TEST(ServeTest, TenantAndClientContextOfACallReachItAndNoOther) {
  Cli cli;
  cli.script("x.sh",
             "printf '%s|' \"${LAMBDA_RUNTIME_AWS_TENANT_ID-none}\" "
             "\"${LAMBDA_RUNTIME_CLIENT_CONTEXT-none}\"");
  Serve serve(cli, {"x.sh"});
  EXPECT_EQ(serve.call("{}", "X-Amz-Tenant-Id: blue\r\nX-Amz-Client-Context: eyJhIjoxfQ==\r\n").body,
            "blue|{\"a\":1}|");
  EXPECT_EQ(serve.call().body, "none|none|");
}

TEST(ServeTest, CommandAfterTwoDashesIsServed) {
  Cli cli;
  Serve serve(cli, {"--", "wc", "-c"});
  EXPECT_EQ(serve.call("[1,2]").body, "5\n");
}

TEST(ServeTest, FunctionErrorAndTheNextCallWorks) {
  Cli cli;
  cli.script("x.sh", "read n; [ \"$n\" != 1 ] && echo fine");
  Serve serve(cli, {"x.sh"});
  const auto failed = serve.call("1");
  EXPECT_EQ(failed.status, 200);
  EXPECT_EQ(type_of(failed), "Function.Exit1");
  EXPECT_TRUE(has(failed.head, "X-Amz-Function-Error: Unhandled\r\n"));
  EXPECT_EQ(serve.call("2").body, "fine\n");
}

TEST(ServeTest, TailOfTheLogIsThatOfTheCall) {
  Cli cli;
  cli.script("x.sh", "read n; echo \"call $n\" >&2; seq 2000 >&2; echo");
  Serve serve(cli, {"x.sh"});
  serve.call("1");
  const auto head = serve.call("2", "X-Amz-Log-Type: Tail\r\n").head;
  const auto begin = head.find("X-Amz-Log-Result: ") + 18;
  const auto log = base::base64_decode(head.substr(begin, head.find("\r\n", begin) - begin));
  ASSERT_TRUE(log) << head;
  EXPECT_EQ(log->size(), 4096U);
  EXPECT_TRUE(has(*log, "\n2000\nEND RequestId: ")) << *log;
  EXPECT_TRUE(has(*log, "\nREPORT RequestId: ")) << *log;
  EXPECT_FALSE(has(*log, "call 1"));
}

TEST(ServeTest, HandlerThatSleepsBeyondTheTimeoutIsAnsweredInTimeAndTheNextCallWorks) {
  Cli cli;
  cli.script("x.sh", "read n; [ \"$n\" != 1 ] || sleep 60; echo fine");
  Serve serve(cli, {"x.sh", "--timeout", "2"});
  const auto begin = Clock::now();
  const auto late = serve.call("1");
  EXPECT_LT(Clock::now() - begin, std::chrono::milliseconds(2200));
  EXPECT_TRUE(has(late.head, "X-Amz-Function-Error: Unhandled\r\n"));
  EXPECT_TRUE(has(late.body, "Task timed out after 2.00 seconds")) << late.body;
  EXPECT_EQ(serve.call("2").body, "fine\n");
}

TEST(ServeTest, RuntimeThatDoesNotEndTheCallItselfIsReplaced) {
  Cli cli;
  cli.set("SHELLSTRAP_DEADLINE_MARGIN_MS", "0");
  cli.script("x.sh", "read n; [ \"$n\" != 1 ] || sleep 60; echo fine");
  Serve serve(cli, {"x.sh", "--timeout", "0.5"});
  EXPECT_EQ(type_of(serve.call("1")), "Sandbox.Timedout");
  EXPECT_EQ(serve.call("2").body, "fine\n");
  EXPECT_NE(serve.log().find("Init Duration"), serve.log().rfind("Init Duration")) << serve.log();
}

TEST(ServeTest, FailedInitIsAFunctionErrorAndIsTriedAgain) {
  Cli cli;
  const auto path = cli.script("x.sh", "echo here");
  Serve serve(cli, {"x.sh"});
  ASSERT_EQ(::unlink(path.c_str()), 0);
  EXPECT_EQ(type_of(serve.call()), "Runtime.HandlerNotFound");
  EXPECT_EQ(type_of(serve.call()), "Runtime.HandlerNotFound");
  cli.script("x.sh", "echo here");
  EXPECT_EQ(serve.call().body, "here\n");
}

TEST(ServeTest, EventRunsInTheBackground) {
  Cli cli;
  cli.script("x.sh", "cat >got");
  Serve serve(cli, {"x.sh"});
  EXPECT_EQ(serve.call("[7]", "X-Amz-Invocation-Type: Event\r\n").status, 202);
  EXPECT_TRUE(support::wait_for([&] {
    std::ifstream file(cli.folder / "got");
    return std::string{std::istreambuf_iterator<char>(file), {}} == "[7]";
  }));
}

TEST(ServeTest, FullQueueIsThrottling) {
  Cli cli;
  cli.script("x.sh", "echo $$ >running; sleep 300");
  Serve serve(cli, {"x.sh", "--queue", "0", "--timeout", "300"});
  serve.call("1", "X-Amz-Invocation-Type: Event\r\n");
  ASSERT_TRUE(support::wait_for([&] { return !pids_in(cli.folder / "running").empty(); }));
  EXPECT_EQ(serve.call("2").status, 429);
}

TEST(ServeTest, NameOfTheFunctionIsItsOwn) {
  Cli cli;
  cli.script("x.sh", "echo $AWS_LAMBDA_FUNCTION_NAME");
  Serve serve(cli, {"x.sh", "--name", "fn"});
  EXPECT_EQ(serve.call().body, "fn\n");
  support::HttpConnection client(serve.port());
  EXPECT_EQ(client.exchange("POST", "/2015-03-31/functions/other/invocations", "{}")->status, 404);
}

// ---- Environments.

TEST(ServeEnvironmentsTest, ThousandCallsOfEightClientsEachGetTheirOwnAnswer) {
  Cli cli;
  cli.folder.write("f.sh", "handler() { printf '%s' \"$1\"; }\n");
  Serve serve(cli, {"f.handler", "--environments", "4", "--timeout", "30"});
  std::atomic<int> right = 0;
  {
    support::Tasks clients;
    for (int client = 0; client < 8; ++client)
      clients.run(std::function([&, client] {
        support::HttpConnection connection(serve.port());
        for (int i = 0; i < 125; ++i) {
          const auto body =
              "{\"client\": " + std::to_string(client) + ", \"call\": " + std::to_string(i) + "}";
          const auto answer = connection.exchange("POST", "/2015-03-31/functions/fn/invocations", body);
          if (answer && answer->status == 200 && answer->body == body) ++right;
        }
      }));
  }
  EXPECT_EQ(right, 1000);
  EXPECT_EQ(support::children_of(serve.pid()).size(), 4U);
}

TEST(ServeEnvironmentsTest, CallsRunAtTheSameTimeInEnvironmentsOfTheirOwn) {
  Cli cli;
  // Each waits until both run.
  cli.script("x.sh",
             "read n; touch here$n; until [ -e here1 ] && [ -e here2 ]; do sleep 0.02; done; echo $n");
  Serve serve(cli, {"x.sh", "--environments", "2", "--timeout", "20"});
  support::Tasks clients;
  auto one = clients.run(std::function([&] { return serve.call("1").body; }));
  auto two = clients.run(std::function([&] { return serve.call("2").body; }));
  EXPECT_EQ(one.get() + two.get(), "1\n2\n");
}

TEST(ServeEnvironmentsTest, ChangedShellFileTakesEffectAtTheNextCall) {
  Cli cli;
  cli.folder.write("f.sh", "handler() { echo old; }\n");
  Serve serve(cli, {"f.handler"});
  EXPECT_EQ(serve.call().body, "old\n");
  EXPECT_EQ(serve.call().body, "old\n");
  cli.folder.write("f.sh", "handler() { echo new one; }\n");
  EXPECT_EQ(serve.call().body, "new one\n");
  EXPECT_TRUE(has(serve.log(), "has changed"));
}

TEST(ServeEnvironmentsTest, ChangedSettingsTakeEffectAtTheNextCall) {
  Cli cli;
  cli.script("x.sh", "echo to stdout; echo to stderr >&2");
  Serve serve(cli, {"x.sh"});
  EXPECT_EQ(serve.call().body, "to stdout\n");
  cli.folder.write("shellstrap.json", "{\"response\": \"stderr\"}");
  EXPECT_EQ(serve.call().body, "to stderr\n");
}

TEST(ServeEnvironmentsTest, UnchangedFunctionKeepsItsEnvironment) {
  Cli cli;
  cli.folder.write("f.sh", "handler() { echo x; }\n");
  Serve serve(cli, {"f.handler"});
  serve.call();
  const auto before = support::children_of(serve.pid());
  for (int i = 0; i < 5; ++i) serve.call();
  EXPECT_EQ(support::children_of(serve.pid()), before);
}

TEST(ServeEnvironmentsTest, KilledWhileIdleIsReplaced) {
  Cli cli;
  cli.script("x.sh", "echo fine");
  Serve serve(cli, {"x.sh"});
  EXPECT_EQ(serve.call().body, "fine\n");
  const auto runtime = support::children_of(serve.pid()).at(0);
  ::kill(runtime, SIGKILL);
  // Reaped, and not only dead: a call that comes before anybody could notice meets the death, as on the
  // service.
  ASSERT_TRUE(support::wait_for([&] { return support::children_of(serve.pid()).empty(); }));
  const auto first = serve.call().body;
  EXPECT_TRUE(first == "fine\n" || first.find("signal: killed") != std::string::npos) << first;
  EXPECT_EQ(serve.call().body, "fine\n");
  EXPECT_NE(support::children_of(serve.pid()).at(0), runtime);
}

TEST(ServeFreezeTest, IdleEnvironmentStandsStillAndWakesForTheNextCall) {
  Cli cli;
  cli.set("SHELLSTRAP_LEFTOVERS", "keep");
  cli.folder.write("f.sh", "handler() { if [ ! -e pid ]; then sleep 300 & echo $! >pid; fi; echo fine; }\n");
  Serve serve(cli, {"f.handler", "--freeze"});
  EXPECT_EQ(serve.call().body, "fine\n");
  const auto runtime = support::children_of(serve.pid()).at(0);
  const auto kept = pids_in(cli.folder / "pid").at(0);
  EXPECT_TRUE(support::wait_for([&] { return state_of(runtime) == 'T' && state_of(kept) == 'T'; }))
      << state_of(runtime) << state_of(kept);
  EXPECT_EQ(serve.call().body, "fine\n");
  EXPECT_TRUE(support::wait_for([&] { return state_of(runtime) == 'T'; }));
  EXPECT_EQ(serve.stop(), exited(143));
  EXPECT_FALSE(support::is_alive(runtime));
  EXPECT_FALSE(support::is_alive(kept));
}

// ---- The end.

constexpr auto kStubborn =
    "trap '' TERM INT HUP\n"
    "(echo $(exec sh -c 'echo $PPID') >>pids; sleep 300) &\n"
    "setsid sh -c 'echo $$ >>pids; exec sleep 300' &\n"
    "echo $$ >>pids\n"
    "wait; sleep 300";

struct SignalCase {
  int signal;
  int status;
};
class ServeSignalTest : public testing::TestWithParam<SignalCase> {};

TEST_P(ServeSignalTest, LeavesNoProcess) {
  Cli cli;
  cli.script("x.sh", kStubborn);
  Serve serve(cli, {"x.sh", "--environments", "2", "--timeout", "300"});
  support::Tasks clients;
  auto first = clients.run(std::function([&] { return serve.call(); }));
  auto second = clients.run(std::function([&] { return serve.call(); }));
  serve.call("{}", "X-Amz-Invocation-Type: Event\r\n");  // waits in line
  ASSERT_TRUE(support::wait_for([&] { return pids_in(cli.folder / "pids").size() == 6; }));
  const auto runtimes = support::children_of(serve.pid());
  EXPECT_EQ(runtimes.size(), 2U);
  EXPECT_EQ(serve.stop(GetParam().signal), exited(GetParam().status));
  EXPECT_EQ(first.get().status, 503);
  EXPECT_EQ(second.get().status, 503);
  for (const pid_t pid : pids_in(cli.folder / "pids")) EXPECT_FALSE(support::is_alive(pid)) << pid;
  for (const pid_t pid : runtimes) EXPECT_FALSE(support::is_alive(pid)) << pid;
}

INSTANTIATE_TEST_SUITE_P(Signals, ServeSignalTest,
                         testing::Values(SignalCase{SIGINT, 130}, SignalCase{SIGTERM, 143}));

// ---- Without a runtime of ours.

TEST(ServeOnlyApisTest, RuntimeOfTheUserAsksForTheCalls) {
  Cli cli;
  cli.script("x.sh", "cat");
  Serve serve(cli, {"--only-apis", "--runtime-api-port", "0"});
  const auto log = serve.log();
  const auto begin = log.find("AWS_LAMBDA_RUNTIME_API=") + 23;
  const auto address = log.substr(begin, log.find('\n', begin) - begin);
  support::HttpConnection runtime(std::stoi(address.substr(address.rfind(':') + 1)));
  support::Tasks clients;
  auto answer = clients.run(std::function([&] { return serve.call("[1]"); }));
  const auto next = runtime.exchange("GET", "/2018-06-01/runtime/invocation/next");
  ASSERT_TRUE(next);
  EXPECT_EQ(next->body, "[1]");
  const auto id = next->head.substr(next->head.find("Lambda-Runtime-Aws-Request-Id: ") + 31, 36);
  EXPECT_EQ(runtime.exchange("POST", "/2018-06-01/runtime/invocation/" + id + "/response", "[2]")->status,
            202);
  runtime.send("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(answer.get().body, "[2]");
}

TEST(ServeOnlyApisTest, CallThatTheRuntimeDoesNotAnswerTimesOutAndItMayAskAgain) {
  Cli cli;
  Serve serve(cli, {"--only-apis", "--runtime-api-port", "0", "--timeout", "0.3"});
  const auto log = serve.log();
  const int port = std::stoi(log.substr(log.find("AWS_LAMBDA_RUNTIME_API=127.0.0.1:") + 33));
  constexpr auto kNext = "/2018-06-01/runtime/invocation/next";
  support::Tasks clients;
  auto lost = clients.run(std::function([&] { return serve.call("[1]"); }));
  EXPECT_EQ(support::HttpConnection(port).exchange("GET", kNext)->body, "[1]");
  EXPECT_EQ(type_of(lost.get()), "Sandbox.Timedout");
  auto next = clients.run(std::function([&] { return serve.call("[2]"); }));
  EXPECT_EQ(support::HttpConnection(port).exchange("GET", kNext)->body, "[2]");
  EXPECT_EQ(type_of(next.get()), "Sandbox.Timedout");
}

TEST(ServeOnlyApisTest, InitErrorOfTheUsersRuntimeIsTheAnswerAndItsNextStartIsServed) {
  Cli cli;
  Serve serve(cli, {"--only-apis", "--runtime-api-port", "0"});
  const auto log = serve.log();
  const auto begin = log.find("AWS_LAMBDA_RUNTIME_API=127.0.0.1:") + 33;
  const int port = std::stoi(log.substr(begin));
  EXPECT_EQ(support::HttpConnection(port).exchange("POST", "/2018-06-01/runtime/init/error", "{}")->status,
            202);
  support::Tasks clients;
  auto answer = clients.run(std::function([&] { return serve.call("[1]"); }));
  EXPECT_EQ(support::HttpConnection(port).exchange("GET", "/2018-06-01/runtime/invocation/next")->body,
            "[1]");
  serve.stop();
  EXPECT_EQ(answer.get().status, 503);
}

TEST(ServePortTest, PortInUseIsAnErrorThatNamesIt) {
  Cli cli;
  cli.script("x.sh", "cat");
  Serve serve(cli, {"x.sh"});
  const auto second = cli.run({"serve", "--port", std::to_string(serve.port()), "x.sh"});
  EXPECT_EQ(second.state, exited(2));
  EXPECT_TRUE(has(second.err, "port " + std::to_string(serve.port()))) << second.err;
}

}  // namespace
