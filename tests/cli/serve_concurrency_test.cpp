// SPDX-License-Identifier: Apache-2.0
// Managed instances: shellstrap serve --concurrency and shellstrap invoke --parallel.
#include "serve_run.h"
#include "support/tasks.h"

#include <algorithm>
#include <functional>
#include <future>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using namespace std::chrono_literals;
using nlohmann::json;

// Goes on when there are as many as the event says; the bootstrap is whoever started it.
constexpr auto kMeeting =
    "n=$(cat); : >here-$$; while set -- here-*; [ $# -lt $n ]; do sleep 0.02; done; printf $PPID";
// Runs until there is a file `go`; other events are answered at once.
constexpr auto kHeld =
    "e=$(cat); case $e in '\"hold\"') : >held-$$; while [ ! -e go ]; do sleep 0.02; done ;; esac; printf %s "
    "\"$e\"";

class ManagedServeTest : public testing::Test {
 protected:
  void start(const std::string& script, std::vector<std::string> options) {
    options.push_back(cli_.script("h.sh", script));
    serve_.emplace(cli_, std::move(options));
    ASSERT_GT(serve_->port(), 0) << serve_->log();
  }
  std::future<support::HttpAnswer> call(const std::string& body) {
    return callers_.run(std::function([this, body] { return serve_->call(body); }));
  }
  bool exists(const std::string& pattern, int count) {
    const auto command = "cd \"$0\" && [ $(ls -d " + pattern + " 2>/dev/null | wc -l) -ge \"$1\" ]";
    return support::wait_for([&] {
      return support::run_tool({"/bin/sh", "-c", command, cli_.folder.path(), std::to_string(count)})
          .state.success();
    });
  }

  Cli cli_;
  std::optional<Serve> serve_;
  support::Tasks callers_;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

TEST_F(ManagedServeTest, OneEnvironmentServesSoManyCallsAtATime) {
  start(kMeeting, {"--concurrency", "4", "--timeout", "60"});
  std::vector<std::future<support::HttpAnswer>> calls;
  for (int i = 0; i < 4; ++i) calls.push_back(call("4"));
  const auto first = calls[0].get().body;
  for (int i = 1; i < 4; ++i) EXPECT_EQ(calls[static_cast<std::size_t>(i)].get().body, first);
}

TEST_F(ManagedServeTest, ACallBeyondThemIsThrottledAsOnLambda) {
  start(kHeld, {"--concurrency", "2", "--timeout", "60"});
  auto first = call("\"hold\"");
  auto second = call("\"hold\"");
  ASSERT_TRUE(exists("held-*", 2)) << serve_->log();
  const auto third = serve_->call("3");
  EXPECT_EQ(third.status, 429);
  EXPECT_TRUE(has(third.body, "TooManyRequestsException") || has(third.head, "TooManyRequestsException"))
      << third.head << third.body;
  cli_.folder.write("go", "");
  EXPECT_EQ(first.get().body, "\"hold\"");
  second.wait();
  EXPECT_EQ(serve_->call("3").body, "3");
}

TEST_F(ManagedServeTest, WithAQueueItWaits) {
  start(kHeld, {"--concurrency", "1", "--queue", "5", "--timeout", "60"});
  auto first = call("\"hold\"");
  ASSERT_TRUE(exists("held-*", 1)) << serve_->log();
  auto second = call("2");
  cli_.folder.write("go", "");
  EXPECT_EQ(first.get().body, "\"hold\"");
  EXPECT_EQ(second.get().body, "2");
}

TEST_F(ManagedServeTest, ATimeoutCostsItsCallAndNotTheEnvironment) {
  const auto* const kLate =
      "e=$(cat); case $e in 1) trap '' TERM; while [ ! -e go ]; do sleep 0.02; done ;; esac; printf $PPID";
  start(kLate, {"--concurrency", "2", "--timeout", "1", "--env", "SHELLSTRAP_DEADLINE_MARGIN_MS=0"});
  const auto before = serve_->call("0").body;
  const auto late = serve_->call("1");
  EXPECT_TRUE(has(late.body, "timed out after 1.00 seconds") || has(late.body, "Timeout")) << late.body;
  EXPECT_EQ(serve_->call("0").body, before);
}

TEST_F(ManagedServeTest, ARuntimeThatEndsFailsItsCallsAndIsReplaced) {
  start("e=$(cat); case $e in 1) kill -KILL $PPID; sleep 60 ;; esac; printf %s \"$e\"",
        {"--concurrency", "2", "--timeout", "60"});
  EXPECT_TRUE(has(serve_->call("1").body, "Runtime.ExitError"));
  EXPECT_EQ(serve_->call("2").body, "2");
}

TEST_F(ManagedServeTest, TheFunctionSeesAManagedInstanceAndEveryLineOfTheLogIsJson) {
  start(
      "cat >/dev/null; echo noise >&2; printf '\"%s %s %s\"' \"$AWS_LAMBDA_INITIALIZATION_TYPE\" "
      "\"$AWS_LAMBDA_MAX_CONCURRENCY\" \"$AWS_LAMBDA_LOG_FORMAT\"",
      {"--concurrency", "3"});
  EXPECT_EQ(serve_->call().body, "\"lambda-managed-instances 3 JSON\"");
  serve_->stop();
  std::size_t records = 0;
  for (const auto& line : lines_of(serve_->log())) {
    if (line.starts_with("shellstrap: ")) continue;  // of the emulator itself
    EXPECT_TRUE(json::accept(line)) << line;
    ++records;
  }
  EXPECT_EQ(records, 3U) << serve_->log();  // platform.start, noise, platform.report
}

TEST_F(ManagedServeTest, TheTailOfTheLogHasTheLinesOfItsCallOnly) {
  start("cat >/dev/null; echo \"noise of $AWS_LAMBDA_REQUEST_ID\" >&2", {"--concurrency", "2"});
  serve_->call();
  support::HttpConnection client(serve_->port());
  const auto answer =
      client.exchange("POST", "/2015-03-31/functions/fn/invocations", "{}", "X-Amz-Log-Type: Tail\r\n");
  ASSERT_TRUE(answer);
  const auto begin = answer->head.find("X-Amz-Log-Result: ") + 18;
  const auto encoded = answer->head.substr(begin, answer->head.find('\r', begin) - begin);
  const auto tail = support::run_tool({"base64", "-d"}, encoded).out;
  EXPECT_EQ(lines_of(tail).size(), 3U) << tail;
}

// ---- shellstrap invoke --parallel

TEST(ParallelInvokeTest, EventsMeetAndTheirAnswersStandInTheOrderOfTheEvents) {
  const Cli cli;
  const auto script =
      cli.script("h.sh",
                 "n=$(cat); : >here-$n; while set -- here-*; [ $# -lt 4 ]; do sleep 0.02; done; "
                 "[ $n = 1 ] && sleep 0.2; echo $n");
  const auto run =
      cli.invoke({script, "-d", "1", "-d", "2", "-d", "3", "-d", "4", "--parallel", "4", "--timeout", "60"});
  EXPECT_EQ(run.out, "1\n2\n3\n4\n") << run.err;
  EXPECT_EQ(run.state, exited(0));
}

TEST(ParallelInvokeTest, RepeatedEventsComeInRowsWhateverIsInFlight) {
  const Cli cli;
  const auto run = cli.invoke({cli.script("h.sh", "cat; echo"), "-d", "1", "-d", "2", "--repeat", "50",
                               "--parallel", "8", "--timeout", "60"});
  std::string expected;
  for (int i = 0; i < 50; ++i) expected += "1\n2\n";
  EXPECT_EQ(run.out, expected) << run.err;
}

TEST(ParallelInvokeTest, OneErrorAmongTheAnswersIsTheExitStatus) {
  const Cli cli;
  const auto run = cli.invoke({cli.script("h.sh", "n=$(cat); [ $n = 2 ] && exit 3; echo $n"), "-d", "1", "-d",
                               "2", "-d", "3", "--parallel", "2", "--timeout", "60"});
  EXPECT_EQ(run.state, exited(1));
  const auto lines = lines_of(run.out);
  ASSERT_EQ(lines.size(), 3U) << run.out;
  EXPECT_EQ(lines[0] + lines[2], "13");
  EXPECT_EQ(json::parse(lines[1]).value("errorType", ""), "Function.Exit3");
}

TEST(ParallelInvokeTest, AFailedInitIsSaidOnceAndItsStatusIsTwo) {
  const Cli cli;
  const auto run = cli.invoke({"nothing-here", "--repeat", "20", "--parallel", "4"});
  EXPECT_EQ(run.state, exited(2));
  EXPECT_EQ(json::parse(run.out).value("errorType", ""), "Runtime.HandlerNotFound") << run.out;
}

TEST(ParallelInvokeTest, ANumberThatIsNoneIsRefused) {
  const Cli cli;
  for (const auto* number : {"0", "-1", "1001", "many"})
    EXPECT_EQ(cli.invoke({cli.script("h.sh", "cat"), "--parallel", number}).state, exited(2)) << number;
  for (const auto* number : {"0", "1001"})
    EXPECT_EQ(cli.run({"serve", "--port", "0", "--concurrency", number, cli.script("h.sh", "cat")}).state,
              exited(2))
        << number;
}
