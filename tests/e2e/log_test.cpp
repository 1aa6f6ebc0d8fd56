// SPDX-License-Identifier: Apache-2.0
// What the log holds (docs/logs.md), through the real bootstrap.
#include "base/text/text.h"
#include "support/bootstrap_process.h"
#include "support/process_tools.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;
using support::Event;
using namespace std::chrono_literals;

using Variables = std::map<std::string, std::string>;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (const auto line : base::split(text, '\n')) lines.emplace_back(line);
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

class LogTest : public testing::Test {
 protected:
  void start(const std::string& script, Variables environment = {}, int log_fd = -1) {
    bootstrap_.task_root.write("handler.sh", "#!/bin/sh\n" + script, 0755);
    bootstrap_.start(
        {.handler = "handler.sh", .arguments = {}, .environment = std::move(environment), .log_fd = log_fd});
  }

  void start_function(const std::string& file, Variables environment = {}) {
    bootstrap_.task_root.write("function.sh", file);
    bootstrap_.start({.handler = "function.handler", .arguments = {}, .environment = std::move(environment)});
  }

  // What an invocation logs is complete when the next event is asked for.
  std::vector<std::string> log_after(const std::vector<Event>& events) {
    for (const auto& event : events) bootstrap_.invoke(event);
    bootstrap_.wait_until_idle();
    return lines_of(bootstrap_.log());
  }

  std::vector<json> records_after(const std::vector<Event>& events) {
    std::vector<json> records;
    for (const auto& line : log_after(events)) {
      records.push_back(json::parse(line, nullptr, false));
      EXPECT_TRUE(records.back().is_object()) << line;
    }
    return records;
  }

  support::BootstrapProcess bootstrap_;
};

const Variables kJson = {{"AWS_LAMBDA_LOG_FORMAT", "JSON"}};

// Text with a level, an object, bytes that are no text, and at the end a line that is far too long.
const char* const kLoggingHandler =
    "id=$AWS_LAMBDA_REQUEST_ID i=0\n"
    "while [ $i -lt 30 ]; do\n"
    "  i=$((i + 1))\n"
    "  echo \"ERROR: text $i of $id\" >&2\n"
    "  printf '{\"n\":%d,\"of\":\"%s\"}\\n' $i \"$id\" >&2\n"
    "  printf 'torn \\377 %d of %s\\n' $i \"$id\" >&2\n"
    "done\n"
    "head -c 150000 /dev/zero | tr '\\0' y >&2\n"
    "echo \" end of $id\" >&2\n"
    "echo ok\n";

// What one noisy invocation has logged, by the request ids of the records.
struct Heard {
  std::vector<std::string> texts, objects, torn;
  std::string long_line;
  int parts = 0;

  void take(const json& record, const std::string& id) {
    EXPECT_TRUE(record.contains("timestamp") && record.contains("level")) << record;
    if (record.contains("of")) {
      EXPECT_EQ(record["of"], id);
      objects.push_back(std::to_string(record["n"].get<int>()));
      return;
    }
    const std::string message = record.at("message");
    if (record.contains("part")) {
      EXPECT_EQ(record["part"], ++parts);
      long_line += message;
    } else {
      EXPECT_TRUE(message.ends_with(" of " + id)) << message;
      const bool is_text = message.starts_with("ERROR: text ");
      EXPECT_EQ(record["level"], is_text ? "ERROR" : "INFO");
      (is_text ? texts : torn).push_back(message);
    }
  }
};

void expect_complete(const Heard& heard, const std::string& id) {
  ASSERT_EQ(heard.texts.size(), 30U) << id;
  ASSERT_EQ(heard.torn.size(), 30U) << id;
  ASSERT_EQ(heard.objects.size(), 30U) << id;
  for (int i = 0; i < 30; ++i) {
    const auto number = std::to_string(i + 1);
    EXPECT_EQ(heard.texts[i], "ERROR: text " + number + " of " + id);
    EXPECT_EQ(heard.torn[i], "torn \uFFFD " + number + " of " + id);
    EXPECT_EQ(heard.objects[i], number);
  }
  EXPECT_EQ(heard.long_line, std::string(150'000, 'y') + " end of " + id);
}

class NoisyTest : public LogTest {
 protected:
  static constexpr int kInvocations = 32;

  // Sixteen at a time.
  void make_noise(int log_fd = -1) {
    start(kLoggingHandler, {{"AWS_LAMBDA_LOG_FORMAT", "json"}, {"AWS_LAMBDA_MAX_CONCURRENCY", "16"}}, log_fd);
    bootstrap_.wait_until_idle();
    for (int i = 0; i < kInvocations; ++i) bootstrap_.api.push_event({.id = "id-" + std::to_string(i)});
  }
  void wait_for_answers() {
    for (int i = 0; i < kInvocations; ++i)
      EXPECT_TRUE(bootstrap_.wait_for_post().path.ends_with("/response"));
    bootstrap_.wait_until_idle();
  }
};

}  // namespace

TEST_F(NoisyTest, SixteenInterleavedHandlersAreAttributedLineByLineAndNoneIsLost) {
  make_noise();
  wait_for_answers();
  std::map<std::string, Heard> heard;
  for (const auto& line : lines_of(bootstrap_.log())) {
    EXPECT_LT(line.size(), 64U * 1024);
    const auto record = json::parse(line, nullptr, false);
    ASSERT_TRUE(record.is_object()) << line.substr(0, 300);
    const std::string id = record.value("requestId", "nobody");
    heard[id].take(record, id);
  }
  ASSERT_EQ(heard.size(), static_cast<std::size_t>(kInvocations));
  for (const auto& [id, what] : heard) expect_complete(what, id);
}

TEST_F(NoisyTest, SixteenInterleavedHandlersAreValidForJq) {
  if (support::run_tool({"jq", "--version"}).state != proc::ExitState::exited(0))
    GTEST_SKIP() << "jq is not installed";
  make_noise();
  wait_for_answers();
  const auto log = bootstrap_.log();
  const auto by_request =
      support::run_tool({"jq", "-s", "-c", "group_by(.requestId) | map(length) | [length, min, max]"}, log);
  EXPECT_EQ(by_request.state, proc::ExitState::exited(0)) << by_request.err;
  EXPECT_EQ(by_request.out, "[32,93,93]\n");
}

TEST_F(NoisyTest, NoWriteToTheLogIsLargerThanSixtyFourKibibytes) {
  // What one write wrote is read as one message.
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()), 0);
  const base::UniqueFd reader(ends[0]);
  base::UniqueFd writer(ends[1]);
  const timeval patience{0, 50'000};
  ::setsockopt(reader.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  make_noise(writer.get());
  writer.reset();
  std::string message(1 << 20, '\0');
  int written = 0;
  const auto limit = base::Deadline::after(60s);
  while (bootstrap_.api.posts().size() < kInvocations && !limit.passed()) {
    const auto got = ::recv(reader.get(), message.data(), message.size(), 0);
    if (got <= 0) continue;
    EXPECT_LE(got, 64 * 1024);
    EXPECT_EQ(message[static_cast<std::size_t>(got) - 1], '\n');
    ++written;
  }
  EXPECT_EQ(bootstrap_.api.posts().size(), static_cast<std::size_t>(kInvocations));
  EXPECT_GT(written, kInvocations);
}

TEST_F(LogTest, TextIsUntouchedWhateverTheLevel) {
  start("printf 'DEBUG: \\377 x\\n{\"level\":\"debug\"}\\n' >&2", {{"AWS_LAMBDA_LOG_LEVEL", "FATAL"}});
  EXPECT_EQ(log_after({{.id = "a"}}), (std::vector<std::string>{"DEBUG: \xFF x", "{\"level\":\"debug\"}"}));
}

TEST_F(LogTest, APrefixNamesTheRequest) {
  start("echo one >&2; printf two >&2", {{"SHELLSTRAP_LOG_PREFIX", "on"}});
  EXPECT_EQ(log_after({{.id = "id-1"}}), (std::vector<std::string>{"[id-1] one", "[id-1] two"}));
}

TEST_F(LogTest, RecordsNameTenantAndRequestAndTheLevelHidesOnlyWhatSaysOne) {
  auto variables = kJson;
  variables["AWS_LAMBDA_LOG_LEVEL"] = "ERROR";
  start("printf 'plain\\nINFO: hidden\\nERROR: shown\\n' >&2", variables);
  const auto records = records_after({{.id = "id-1", .headers = {{"Lambda-Runtime-Aws-Tenant-Id", "blue"}}}});
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0]["message"], "plain");
  EXPECT_EQ(records[1]["message"], "ERROR: shown");
  EXPECT_EQ(records[1]["level"], "ERROR");
  for (const auto& record : records) {
    EXPECT_EQ(record["requestId"], "id-1");
    EXPECT_EQ(record["tenantId"], "blue");
  }
}

TEST_F(LogTest, StandardOutputThatIsNotTheAnswerIsLoggedAsRecords) {
  auto variables = kJson;
  variables["SHELLSTRAP_RESPONSE"] = "fd:3";
  start("echo out; echo answer >&3", variables);
  const auto records = records_after({{.id = "id-1"}});
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0]["message"], "out");
}

TEST_F(LogTest, WhatAShellFilePrintsAtInitBelongsToNoRequest) {
  auto variables = kJson;
  variables.insert(support::kOneWorker.begin(), support::kOneWorker.end());  // each sources the file
  start_function("echo at init\nhandler() { echo in the call >&2; }\n", variables);
  const auto records = records_after({{.id = "id-1"}});
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0]["message"], "at init");
  EXPECT_FALSE(records[0].contains("requestId"));
  EXPECT_EQ(records[1]["message"], "in the call");
  EXPECT_EQ(records[1]["requestId"], "id-1");
}

TEST_F(LogTest, AFailedCallIsOneLineWithItsFacts) {
  start("cat >/dev/null; printf 123; kill -SEGV $$");
  auto lines = log_after({{.id = "id-1", .body = "secret"}});
  std::erase(lines, "123");  // what it has printed
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_TRUE(lines[0].starts_with("shellstrap: error: RequestId: id-1 Function.SignalSEGV: ")) << lines[0];
  for (const auto* fact : {"; signal=SIGSEGV ms=", " peak_kib=", " cpu_ms=",
                           " bytes_in=6 bytes_out=3 leftovers=0", " tmp_free_kib="})
    EXPECT_NE(lines[0].find(fact), std::string::npos) << lines[0];
  EXPECT_EQ(lines[0].find("secret"), std::string::npos);
}

TEST_F(LogTest, PeakMemoryIsABoundForASmallProgramAndAFigureForALargeOne) {
  start("[ $(cat) = small ] || x=$(head -c 40000000 /dev/zero | tr '\\0' x)\nexit 3", kJson);
  const auto records = records_after({{.id = "a", .body = "small"}, {.id = "b", .body = "large"}});
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].value("peakMemoryIsUpperBound", false), true) << records[0];
  EXPECT_FALSE(records[1].contains("peakMemoryIsUpperBound")) << records[1];
  EXPECT_GT(records[1]["peakMemoryKiB"], 40'000'000 / 1024);
}

TEST_F(LogTest, OfAShellFunctionWhatIsNotKnownIsLeftOut) {
  start_function("handler() { return 7; }\n", kJson);
  const auto records = records_after({{.id = "id-1"}});
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0]["exitStatus"], 7);
  EXPECT_FALSE(records[0].contains("peakMemoryKiB"));
  EXPECT_FALSE(records[0].contains("cpuMs"));
}

TEST_F(LogTest, ASuccessfulCallWritesNothingUnlessDebuggingIsAskedFor) {
  start("cat");
  EXPECT_EQ(log_after({{.id = "a"}}), std::vector<std::string>());
  support::BootstrapProcess debugged;
  debugged.task_root.write("handler.sh", "#!/bin/sh\ncat", 0755);
  debugged.start(
      {.handler = "handler.sh", .arguments = {}, .environment = {{"AWS_LAMBDA_LOG_LEVEL", "debug"}}});
  debugged.invoke(Event{.id = "id-1"});
  debugged.wait_until_idle();
  EXPECT_TRUE(debugged.log().starts_with("shellstrap: debug: RequestId: id-1 ok; exit=0 ms="))
      << debugged.log();
}

TEST_F(LogTest, MetricsAreOneLineForEveryCall) {
  start("[ $(cat) = good ]", {{"SHELLSTRAP_METRICS", "emf"},
                              {"AWS_LAMBDA_FUNCTION_NAME", "shop"},
                              {"AWS_LAMBDA_LOG_LEVEL", "fatal"}});
  const auto records = records_after({{.id = "a", .body = "good"}, {.id = "b", .body = "bad"}});
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0]["outcome"], "ok");
  EXPECT_EQ(records[1]["outcome"], "Function.Exit1");
  for (const auto& record : records) {
    EXPECT_EQ(record["FunctionName"], "shop");
    for (const auto& metric : record["_aws"]["CloudWatchMetrics"][0]["Metrics"])
      EXPECT_TRUE(record[metric["Name"].get<std::string>()].is_number()) << metric;
  }
}
