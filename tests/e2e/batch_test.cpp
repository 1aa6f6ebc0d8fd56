// SPDX-License-Identifier: Apache-2.0
// SHELLSTRAP_BATCH through the real bootstrap: no record is reported as done that was not.
#include "support/bootstrap_process.h"
#include "support/paths.h"
#include "support/process_tools.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;
using Variables = std::map<std::string, std::string>;

json message(const std::string& id, const std::string& body, const std::string& queue = "q",
             const std::string& group = "") {
  return {{"messageId", id},
          {"body", body},
          {"eventSource", "aws:sqs"},
          {"attributes", {{"MessageGroupId", group}}},
          {"eventSourceARN", "arn:aws:sqs:us-east-1:1:" + queue}};
}

std::string encoded(const std::string& body) {
  return std::map<std::string, std::string>{
      {"ok", "b2s="}, {"fail", "ZmFpbA=="}, {"kill", "a2lsbA=="}, {"slow", "c2xvdw=="}}
      .at(body);
}

/// An event of that source whose records have these bodies, numbered from 8.
std::string event_of(const std::string& source, const std::vector<std::string>& bodies) {
  json records = json::array();
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    const auto number = std::to_string(i + 8);
    if (source == "sqs") records.push_back(message(number, bodies[i]));
    if (source == "fifo") records.push_back(message(number, bodies[i], "q.fifo", "g"));
    if (source == "kinesis")
      records.push_back({{"eventSource", "aws:kinesis"},
                         {"eventID", "shard:" + number},
                         {"kinesis", {{"sequenceNumber", number}, {"data", encoded(bodies[i])}}}});
    if (source == "dynamodb")
      records.push_back(
          {{"eventSource", "aws:dynamodb"}, {"dynamodb", {{"SequenceNumber", number}, {"body", bodies[i]}}}});
    if (source == "kafka") records.push_back({{"offset", i + 8}, {"value", encoded(bodies[i])}});
  }
  if (source != "kafka") return json{{"Records", records}}.dump();
  return json{{"eventSource", "aws:kafka"}, {"records", {{"t-0", records}}}}.dump();
}

// Ends as the body says.
constexpr auto kRecordHandler = R"(#!/bin/sh
body=$(cat)
echo "$RECORD_ID" >> "$RAN"
case $body in
  *fail*) exit 3 ;;
  *kill*) kill -9 $$ ;;
  *slow*) while :; do sleep 1; done ;;
esac
)";

class BatchTest : public testing::Test {
 protected:
  void start(const std::string& source, const std::string& script = kRecordHandler, Variables more = {}) {
    more["SHELLSTRAP_BATCH"] = source == "fifo" ? "sqs" : source;
    more["RAN"] = bootstrap_.task_root / "ran";
    bootstrap_.task_root.write("handler.sh", script, 0755);
    bootstrap_.start({.handler = "handler.sh", .arguments = {}, .environment = std::move(more)});
  }

  /// The identifiers that are reported, one after the other.
  static std::string failures(const support::RecordedRequest& post) {
    EXPECT_TRUE(post.path.ends_with("/response")) << post.path << post.body;
    std::string identifiers;
    const auto answer = json::parse(post.body, nullptr, false);
    for (const auto& failure : answer["batchItemFailures"])
      identifiers += failure["itemIdentifier"].dump() + " ";
    return identifiers;
  }

  std::string failures(const std::string& event) { return failures(bootstrap_.invoke(event)); }

  std::string ran() {
    std::ifstream file(bootstrap_.task_root / "ran");
    std::string all;
    for (std::string id; file >> id;) all += id + " ";
    return all;
  }

  std::string init_error(Variables variables) {
    bootstrap_.task_root.write("handler.sh", kRecordHandler, 0755);
    bootstrap_.start({.handler = "handler.sh", .arguments = {}, .environment = std::move(variables)});
    const auto post = bootstrap_.wait_for_post();
    EXPECT_EQ(post.path, "/2018-06-01/runtime/init/error");
    bootstrap_.wait_for_end();
    return json::parse(post.body, nullptr, false).value("errorMessage", "");
  }

  support::BootstrapProcess bootstrap_;
};

struct Row {
  const char* promise;
  const char* source;
  std::vector<std::string> bodies;
  const char* reported;
  const char* ran;
};

const Row kRows[] = {
    {"Sqs_AllOk", "sqs", {"ok", "ok"}, "", "8 9 "},
    {"Sqs_AllFailed", "sqs", {"fail", "fail", "fail"}, R"("8" "9" "10" )", "8 9 10 "},
    {"Sqs_AMix", "sqs", {"fail", "ok", "fail", "ok"}, R"("8" "10" )", "8 9 10 11 "},
    {"Sqs_Killed", "sqs", {"ok", "kill", "ok"}, R"("9" )", "8 9 10 "},
    {"Fifo_AllOk", "fifo", {"ok", "ok"}, "", "8 9 "},
    {"Fifo_AllFailed", "fifo", {"fail", "fail"}, R"("8" "9" )", "8 "},
    {"Fifo_AMix", "fifo", {"ok", "fail", "ok", "ok"}, R"("9" "10" "11" )", "8 9 "},
    {"Fifo_Killed", "fifo", {"kill", "ok"}, R"("8" "9" )", "8 "},
    {"Kinesis_AllOk", "kinesis", {"ok", "ok", "ok"}, "", "8 9 10 "},
    {"Kinesis_AllFailed", "kinesis", {"fail", "fail", "fail"}, R"("8" )", "8 "},
    {"Kinesis_AMix", "kinesis", {"ok", "fail", "ok", "fail"}, R"("9" )", "8 9 "},
    {"Kinesis_Killed", "kinesis", {"ok", "ok", "kill"}, R"("10" )", "8 9 10 "},
    {"Dynamodb_AllOk", "dynamodb", {"ok", "ok"}, "", "8 9 "},
    {"Dynamodb_AllFailed", "dynamodb", {"fail", "fail"}, R"("8" )", "8 "},
    {"Dynamodb_AMix", "dynamodb", {"ok", "ok", "fail", "ok"}, R"("10" )", "8 9 10 "},
    {"Dynamodb_Killed", "dynamodb", {"ok", "kill", "ok"}, R"("9" )", "8 9 "},
    {"Kafka_AllOk", "kafka", {"ok", "ok"}, "", "8 9 "},
    {"Kafka_AllFailed", "kafka", {"fail", "fail"}, R"({"offset":8,"partition":"t-0"} )", "8 "},
    {"Kafka_AMix", "kafka", {"ok", "ok", "fail", "ok"}, R"({"offset":10,"partition":"t-0"} )", "8 9 10 "},
    {"Kafka_Killed", "kafka", {"ok", "kill", "ok"}, R"({"offset":9,"partition":"t-0"} )", "8 9 "},
};

class BatchTableTest : public BatchTest, public testing::WithParamInterface<Row> {};

TEST_P(BatchTableTest, ReportsExactlyWhatWasNotDone) {
  start(GetParam().source);
  EXPECT_EQ(failures(event_of(GetParam().source, GetParam().bodies)), GetParam().reported);
  EXPECT_EQ(ran(), GetParam().ran);
}

INSTANTIATE_TEST_SUITE_P(All, BatchTableTest, testing::ValuesIn(kRows),
                         [](const auto& tested) { return tested.param.promise; });

class BatchDeadlineTest : public BatchTest, public testing::WithParamInterface<const char*> {};

// The second record takes until the deadline, which a tenth of a processor must reach, too; the third is
// never started.
TEST_P(BatchDeadlineTest, InTheMiddleLeavesTheRestFailed) {
  const std::string source = GetParam();
  start(source, kRecordHandler, {{"SHELLSTRAP_TIMEOUT_MS", "4000"}});
  const auto reported = failures(event_of(source, {"ok", "slow", "ok"}));
  if (source == "sqs" || source == "fifo")
    EXPECT_EQ(reported, R"("9" "10" )");
  else
    EXPECT_EQ(reported, source == "kafka" ? "{\"offset\":9,\"partition\":\"t-0\"} " : "\"9\" ");
  EXPECT_EQ(ran(), "8 9 ");
  EXPECT_TRUE(bootstrap_.logs("Function.Timeout"));
  EXPECT_TRUE(bootstrap_.logs("1 of 3 records were not started and come again"));
  EXPECT_EQ(failures(event_of(source, {"ok"})), "") << "the environment lives on";
}

INSTANTIATE_TEST_SUITE_P(All, BatchDeadlineTest,
                         testing::Values("sqs", "fifo", "kinesis", "dynamodb", "kafka"),
                         [](const auto& tested) { return std::string(tested.param); });

TEST_F(BatchTest, AFailedRecordHasALineWithItsIdAndTheReason) {
  start("sqs", "#!/bin/sh\necho '{\"errorType\":\"NoStock\",\"errorMessage\":\"none left\"}'\nexit 1\n");
  EXPECT_EQ(failures(event_of("sqs", {"ok"})), "\"8\" ");
  EXPECT_TRUE(bootstrap_.logs("Function.NoStock: none left; record=8 exit=1"));
}

TEST_F(BatchTest, TheLogSaysOnceWhatTheMappingNeeds) {
  start("sqs");
  failures(event_of("sqs", {"ok"}));
  failures(event_of("sqs", {"ok"}));
  bootstrap_.wait_until_idle();
  const auto log = bootstrap_.log();
  const auto first = log.find("ReportBatchItemFailures");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(log.find("ReportBatchItemFailures", first + 1), std::string::npos);
}

TEST_F(BatchTest, WhatIsNoBatchIsAnErrorAndRunsNothing) {
  start("sqs");
  for (const auto& event : {std::string("{}"), std::string("no JSON"), std::string(R"({"Records":[{}]})"),
                            event_of("kinesis", {"ok"}), event_of("sqs", {"ok"}) + "x"}) {
    const auto post = bootstrap_.invoke(event);
    EXPECT_TRUE(post.path.ends_with("/error")) << event;
    EXPECT_EQ(post.header("Lambda-Runtime-Function-Error-Type"), "Function.InvalidEvent") << event;
  }
  EXPECT_EQ(ran(), "");
}

TEST_F(BatchTest, ARecordWithoutAnIdFailsTheWholeEventBeforeAnythingRuns) {
  start("sqs");
  const auto event = json{{"Records", {message("1", "ok"), message("", "ok")}}}.dump();
  const auto post = bootstrap_.invoke(event);
  EXPECT_EQ(post.header("Lambda-Runtime-Function-Error-Type"), "Function.InvalidEvent");
  EXPECT_EQ(ran(), "");
}

TEST_F(BatchTest, DataThatCannotBeDecodedFailsThatRecordAlone) {
  start("kinesis");
  auto event = json::parse(event_of("kinesis", {"ok", "ok"}));
  event["Records"][1]["kinesis"]["data"] = "?";
  EXPECT_EQ(failures(event.dump()), "\"9\" ");
  EXPECT_EQ(ran(), "8 ");
}

TEST_F(BatchTest, TheBodyIsDecodedAndTheRecordIsAsItStands) {
  start("sqs", "#!/bin/sh\ncat >> body; printf '<%s>' \"$RECORD_NUMBER/$RECORD_COUNT\" >> body\n");
  const auto event = json{{"Records", {message("1", "a\n\u00e4"), message("2", "")}}}.dump();
  EXPECT_EQ(failures(event), "");
  std::ifstream file(bootstrap_.task_root / "body");
  std::stringstream body;
  body << file.rdbuf();
  EXPECT_EQ(body.str(), "a\n\u00e4<1/2><2/2>");
}

TEST_F(BatchTest, StandardInputMayBeTheRecord) {
  start("sqs", "#!/bin/sh\ncat >> records; echo >> records\n", {{"SHELLSTRAP_BATCH_STDIN", "record"}});
  EXPECT_EQ(failures(R"({"Records":[ {"messageId" :"1","body":"","eventSource":"aws:sqs"} ]})"), "");
  std::ifstream file(bootstrap_.task_root / "records");
  std::string line;
  std::getline(file, line);
  EXPECT_EQ(line, R"({"messageId" :"1","body":"","eventSource":"aws:sqs"})");
}

TEST_F(BatchTest, TemplatesLookIntoTheRecord) {
  bootstrap_.start({.handler = "",
                    .arguments = {},
                    .environment = {{"SHELLSTRAP_BATCH", "sqs"},
                                    {"SHELLSTRAP_COMMAND",
                                     R"(["sh", "-c", "echo \"$1 $(cat)\" >> out", "sh", "{/messageId}"])"}}});
  EXPECT_EQ(failures(event_of("sqs", {"ok", "fine"})), "");
  std::ifstream file(bootstrap_.task_root / "out");
  std::stringstream out;
  out << file.rdbuf();
  EXPECT_EQ(out.str(), "8 ok\n9 fine\n");
}

TEST_F(BatchTest, ShellFunctionsRunOncePerRecord) {
  bootstrap_.task_root.write("f.sh", "handler() { echo \"$RECORD_ID $1\" >> out; [ \"$1\" != fail ]; }\n");
  bootstrap_.start({.handler = "f.handler",
                    .arguments = {},
                    .environment = {{"SHELLSTRAP_BATCH", "sqs"}, {"SHELLSTRAP_BATCH_PARALLEL", "2"}}});
  EXPECT_EQ(failures(event_of("sqs", {"ok", "fail", "ok", "ok"})), "\"9\" ");
  std::ifstream file(bootstrap_.task_root / "out");
  std::set<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.insert(line);
  EXPECT_EQ(lines, (std::set<std::string>{"8 ok", "9 fail", "10 ok", "11 ok"}));
}

// Each waits until the other has started.
TEST_F(BatchTest, SoManyRecordsRunAtATime) {
  start("sqs",
        "#!/bin/sh\ncd \"$LAMBDA_TASK_ROOT\"; : > \"started.$RECORD_ID\"\n"
        "until [ -e started.8 ] && [ -e started.9 ] && [ -e started.10 ]; do sleep 0.02; done\n",
        {{"SHELLSTRAP_BATCH_PARALLEL", "3"}});
  EXPECT_EQ(failures(event_of("sqs", {"", "", ""})), "");
  EXPECT_EQ(failures(event_of("sqs", {"", "", "", "", "", "", ""})), "");
}

TEST_F(BatchTest, AFifoQueueKeepsItsSequenceHoweverManyRun) {
  start("fifo", kRecordHandler, {{"SHELLSTRAP_BATCH_PARALLEL", "4"}});
  EXPECT_EQ(failures(event_of("fifo", {"ok", "ok", "fail", "ok"})), R"("10" "11" )");
  EXPECT_EQ(ran(), "8 9 10 ");
}

TEST_F(BatchTest, StatusesThatSucceedAreThoseOfTheSetting) {
  start("sqs", kRecordHandler, {{"SHELLSTRAP_SUCCESS", "3"}});
  EXPECT_EQ(failures(event_of("sqs", {"ok", "fail"})), "\"8\" ");
}

TEST_F(BatchTest, WhatARecordPrintsGoesToTheLog) {
  start("sqs", "#!/bin/sh\necho \"done with $RECORD_ID\"\n");
  EXPECT_EQ(failures(event_of("sqs", {"ok"})), "");
  EXPECT_TRUE(bootstrap_.logs("done with 8\n"));
}

TEST_F(BatchTest, WhatARecordLeavesRunningIsEndedBeforeTheNextOne) {
  start("sqs",
        "#!/bin/sh\ncd \"$LAMBDA_TASK_ROOT\"; [ -e left ] && kill -0 \"$(cat left)\" 2>/dev/null && exit 1\n"
        "setsid sleep 300 >/dev/null 2>&1 & echo $! > left\n");
  EXPECT_EQ(failures(event_of("sqs", {"", "", ""})), "");
}

TEST_F(BatchTest, WhatIsLeftWhenTheTimeIsUpIsEndedBehindTheAnswer) {
  start("sqs",
        "#!/bin/sh\nsetsid sleep 300 >/dev/null 2>&1 &\necho $! > \"$RAN.new\"; mv \"$RAN.new\" \"$RAN\"\n"
        "exec sleep 300\n",
        {{"SHELLSTRAP_TIMEOUT_MS", "3000"}});
  EXPECT_EQ(failures(event_of("sqs", {"", ""})), R"("8" "9" )");
  const auto left = ran();
  ASSERT_FALSE(left.empty());
  EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(std::stoi(left)); }));
}

TEST_F(BatchTest, VariablesOfRecordsAreNeverThoseOfTheFunction) {
  start("sqs", "#!/bin/sh\n[ -z \"$RECORD_KEY$RECORD_GROUP\" ]\n",
        {{"RECORD_KEY", "x"}, {"RECORD_GROUP", "y"}});
  EXPECT_EQ(failures(event_of("sqs", {""})), "");
}

TEST_F(BatchTest, AShutdownLeavesTheRestFailed) {
  start("sqs", "#!/bin/sh\n: > \"$RAN\"\nexec sleep 300\n");
  bootstrap_.api.push_event({.id = "request-1", .body = event_of("sqs", {"", ""})});
  while (::access((bootstrap_.task_root / "ran").c_str(), F_OK) != 0) ::usleep(1000);
  bootstrap_.signal(SIGTERM);
  EXPECT_EQ(failures(bootstrap_.wait_for_post()), R"("8" "9" )");
}

TEST_F(BatchTest, AnEmptyBatchIsDone) {
  start("sqs");
  EXPECT_EQ(bootstrap_.invoke(R"({"Records":[]})").body, R"({"batchItemFailures":[]})");
}

TEST_F(BatchTest, AShellFileThatCannotBeSourcedIsAnInitErrorOnEveryLane) {
  bootstrap_.task_root.write("f.sh", "exit 1\n");
  bootstrap_.start({.handler = "f.handler",
                    .arguments = {},
                    .environment = {{"SHELLSTRAP_BATCH", "sqs"}, {"SHELLSTRAP_BATCH_PARALLEL", "3"}}});
  EXPECT_EQ(bootstrap_.wait_for_post().path, "/2018-06-01/runtime/init/error");
  bootstrap_.wait_for_end();
}

TEST_F(BatchTest, CombinationsThatMeanNothingAreInitErrors) {
  const auto fault = init_error({{"SHELLSTRAP_BATCH", "sqs"}, {"SHELLSTRAP_INVOKE_MODE", "stream"}});
  EXPECT_NE(fault.find("do not go with SHELLSTRAP_BATCH"), std::string::npos) << fault;
}

TEST_F(BatchTest, TheSampleHandlerReportsAnEmptyMessage) {
  const auto root = support::source_dir() + "/handlers/batch";
  bootstrap_.start({.handler = "words.sh", .arguments = {}, .environment = {{"LAMBDA_TASK_ROOT", root}}});
  EXPECT_EQ(failures(event_of("sqs", {"two words", "", "three more words"})), "\"9\" ");
  EXPECT_TRUE(bootstrap_.logs("INFO: message 3 of 3 has 3 words\n"));
}

TEST_F(BatchTest, TheSampleEventsAreBatches) {
  for (const std::string source : {"sqs", "kinesis", "dynamodb", "kafka"}) {
    support::BootstrapProcess bootstrap;
    bootstrap.start({.handler = "true", .arguments = {}, .environment = {{"SHELLSTRAP_BATCH", source}}});
    std::ifstream file(support::source_dir() + "/src/cli/events/" + source + ".json");
    std::stringstream event;
    event << file.rdbuf();
    EXPECT_EQ(bootstrap.invoke(event.str()).body, R"({"batchItemFailures":[]})") << source;
  }
}

}  // namespace
