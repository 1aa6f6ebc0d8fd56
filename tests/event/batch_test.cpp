// SPDX-License-Identifier: Apache-2.0
// What is a batch, what each record is given, and what is reported of those that failed.
#include "event/batch/batch.h"

#include "event/batch/batch_response.h"
#include "event/fixture.h"
#include "event/json/json_members.h"

#include <map>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using event::Batch;
using event::BatchSource;
using nlohmann::json;

json message(const std::string& id, const std::string& queue = "q", const std::string& group = "") {
  json record = {{"messageId", id},
                 {"body", "of " + id},
                 {"eventSource", "aws:sqs"},
                 {"attributes", {{"ApproximateReceiveCount", "2"}}},
                 {"eventSourceARN", "arn:aws:sqs:us-east-1:1:" + queue}};
  if (!group.empty()) record["attributes"]["MessageGroupId"] = group;
  return record;
}

json data(const std::string& number, const std::string& shard = "shardId-0", const std::string& key = "k") {
  return {{"kinesis", {{"sequenceNumber", number}, {"data", "AP8="}, {"partitionKey", key}}},
          {"eventID", shard + ":" + number},
          {"eventSource", "aws:kinesis"},
          {"eventSourceARN", "arn:aws:kinesis:us-east-1:1:stream/s"}};
}

json change(const std::string& number, const json& keys = {{"Id", {{"N", "7"}}}}) {
  return {{"dynamodb", {{"SequenceNumber", number}, {"Keys", keys}}},
          {"eventName", "MODIFY"},
          {"eventSource", "aws:dynamodb"},
          {"eventSourceARN", "arn:aws:dynamodb:us-east-1:1:table/t/stream/x"}};
}

json entry(const json& offset, const json& value = "dmFsdWU=", const json& key = "a2V5") {
  return {{"topic", "t"}, {"partition", 0}, {"offset", offset}, {"key", key}, {"value", value}};
}

std::string records(const std::vector<json>& list) {
  return json{{"Records", list}}.dump();
}

std::string partitions(const json& records, const std::string& source = "aws:kafka") {
  return json{{"eventSource", source}, {"records", records}}.dump();
}

std::string cause_of(const std::string& text, BatchSource source) {
  const auto parsed = event::parse_batch(text, source);
  const auto* none = std::get_if<event::NoBatch>(&parsed);
  return none == nullptr ? "none" : none->cause;
}

/// The answer where the records of `failed`, by their place, have failed.
std::string answer(const std::string& text, BatchSource source, const std::vector<std::size_t>& failed) {
  const auto parsed = event::parse_batch(text, source);
  if (const auto* none = std::get_if<event::NoBatch>(&parsed)) return none->cause;
  const auto& batch = std::get<Batch>(parsed);
  std::vector<bool> done(batch.records.size(), true);
  for (const auto i : failed) done[i] = false;
  const auto response = json::parse(event::batch_response(batch, done));
  std::string identifiers;
  for (const auto& failure : response["batchItemFailures"]) {
    EXPECT_EQ(failure.size(), 1U);
    identifiers += failure["itemIdentifier"].dump();
  }
  EXPECT_EQ(response.size(), 1U);
  return identifiers;
}

std::map<std::string, std::string> variables(const Batch& batch, std::size_t record) {
  std::map<std::string, std::string> found;
  for (const auto& variable : event::record_variables(batch, record)) found[variable.name] = variable.value;
  return found;
}

std::string content(const Batch& batch, std::size_t record) {
  base::Spool bytes;
  const auto appended = event::append_content(bytes, batch, record);
  return appended ? event_tests::text_of(bytes) : "fault: " + appended.error().message;
}

}  // namespace

TEST(BatchTest, NothingFailedIsAnEmptyListForEverySource) {
  const auto kafka = partitions({{"t-0", {entry(1), entry(2)}}});
  EXPECT_EQ(answer(records({message("a"), message("b")}), BatchSource::sqs, {}), "");
  EXPECT_EQ(answer(records({data("1"), data("2")}), BatchSource::kinesis, {}), "");
  EXPECT_EQ(answer(records({change("1")}), BatchSource::dynamodb, {}), "");
  EXPECT_EQ(answer(kafka, BatchSource::kafka, {}), "");
  EXPECT_EQ(answer(records({}), BatchSource::sqs, {}), "");
}

TEST(BatchTest, OfAQueueEveryFailedMessageIsReported) {
  const auto event = records({message("a"), message("b"), message("c")});
  EXPECT_EQ(answer(event, BatchSource::sqs, {1}), R"("b")");
  EXPECT_EQ(answer(event, BatchSource::sqs, {0, 2}), R"("a""c")");
  EXPECT_EQ(answer(event, BatchSource::sqs, {0, 1, 2}), R"("a""b""c")");
}

TEST(BatchTest, AMessageThatIsThereTwiceIsReportedWhereOneOfThemFailed) {
  EXPECT_EQ(answer(records({message("a"), message("a")}), BatchSource::sqs, {1}), R"("a")");
  EXPECT_EQ(answer(records({message("a"), message("a")}), BatchSource::sqs, {0, 1}), R"("a")");
}

TEST(BatchTest, OfAShardTheLowestNumberIsReportedComparedAsANumber) {
  const std::string low = "9999999999999999999999999999999999999999";
  const std::string high = "10000000000000000000000000000000000000000";
  EXPECT_EQ(answer(records({data(low), data(high)}), BatchSource::kinesis, {0, 1}), '"' + low + '"');
  EXPECT_EQ(answer(records({data(high), data(low)}), BatchSource::kinesis, {0, 1}), '"' + low + '"');
  EXPECT_EQ(answer(records({data(low), data(high)}), BatchSource::kinesis, {1}), '"' + high + '"');
}

TEST(BatchTest, EveryShardHasALowestNumber) {
  const auto event = records({data("5", "a"), data("4", "b"), data("6", "a"), data("3", "b")});
  EXPECT_EQ(answer(event, BatchSource::kinesis, {0, 1, 2, 3}), R"("5""3")");
}

TEST(BatchTest, OfATablesStreamTheLowestNumberIsReported) {
  const auto event = records({change("99"), change("100"), change("101")});
  EXPECT_EQ(answer(event, BatchSource::dynamodb, {1, 2}), R"("100")");
  EXPECT_EQ(answer(event, BatchSource::dynamodb, {0, 1, 2}), R"("99")");
}

TEST(BatchTest, OfKafkaEachPartitionHasAnOffset) {
  const auto event = partitions({{"t-0", {entry(9), entry(10)}}, {"u-1", {entry(3)}}});
  EXPECT_EQ(answer(event, BatchSource::kafka, {0, 1}), R"({"offset":9,"partition":"t-0"})");
  EXPECT_EQ(answer(event, BatchSource::kafka, {1, 2}),
            R"({"offset":10,"partition":"t-0"}{"offset":3,"partition":"u-1"})");
}

TEST(BatchTest, DecimalsOfAnySizeAreNumbers) {
  EXPECT_TRUE(event::smaller_decimal("9", "10"));
  EXPECT_TRUE(event::smaller_decimal("0009", "10"));
  EXPECT_TRUE(event::smaller_decimal("0", "1"));
  EXPECT_FALSE(event::smaller_decimal("10", "9"));
  EXPECT_FALSE(event::smaller_decimal("007", "7"));
  EXPECT_TRUE(event::smaller_decimal(std::string(100, '8') + "1", std::string(100, '8') + "2"));
}

TEST(BatchTest, WhatIsNoBatchOfTheSourceIsSaid) {
  using enum BatchSource;
  const auto no_id = [](json record, const char* key) {
    record[key] = "";
    return records({record});
  };
  EXPECT_EQ(cause_of("[]", sqs), "it is no JSON object");
  EXPECT_EQ(cause_of("{}", sqs), "it has no array \"Records\"");
  EXPECT_EQ(cause_of(R"({"Records":{}})", kinesis), "it has no array \"Records\"");
  EXPECT_EQ(cause_of(R"({"Records":[7]})", sqs), "record 1 is no object");
  EXPECT_EQ(cause_of(records({message("a"), data("1")}), sqs), "record 2 is not of aws:sqs");
  EXPECT_EQ(cause_of(records({message("a")}), kinesis), "record 1 is not of aws:kinesis");
  EXPECT_EQ(cause_of(records({message("a")}), dynamodb), "record 1 is not of aws:dynamodb");
  EXPECT_EQ(cause_of(no_id(message("a"), "messageId"), sqs), "record 1 has no messageId");
  EXPECT_EQ(cause_of(records({message("a"), message("")}), sqs), "record 2 has no messageId");
  EXPECT_EQ(cause_of(records({data("")}), kinesis), "record 1 has no sequenceNumber");
  EXPECT_EQ(cause_of(records({data("12a")}), kinesis), "record 1 has no sequenceNumber");
  EXPECT_EQ(cause_of(records({change("-1")}), dynamodb), "record 1 has no SequenceNumber");
  EXPECT_EQ(cause_of(records({data("1")}), kafka), "it is not of Kafka");
  EXPECT_EQ(cause_of(partitions(7), kafka), "it has no object \"records\"");
  EXPECT_EQ(cause_of(partitions({{"t-0", 7}}), kafka),
            "its \"records\" are no arrays of topics and partitions");
  EXPECT_EQ(cause_of(partitions({{"", json::array()}}), kafka),
            "its \"records\" are no arrays of topics and partitions");
  EXPECT_EQ(cause_of(partitions({{"t-0", {entry("7")}}}), kafka), "record 1 has no offset");
  EXPECT_EQ(cause_of(partitions({{"t-0", {entry(1.5)}}}), kafka), "record 1 has no offset");
  EXPECT_EQ(cause_of(partitions({{"t-0", {entry(1, 7)}}}), kafka), "record 1 has a value that is no string");
}

TEST(BatchTest, SelfManagedKafkaIsKafka) {
  EXPECT_EQ(cause_of(partitions({{"t-0", {entry(1)}}}, "SelfManagedKafka"), BatchSource::kafka), "none");
  EXPECT_EQ(cause_of(partitions({{"t-0", {entry(1)}}}, "aws:SelfManagedKafka"), BatchSource::kafka), "none");
}

TEST(BatchTest, OrderAndScopeAreThoseOfTheTable) {
  const auto orders = [](const std::string& text, BatchSource source) {
    const auto parsed = event::parse_batch(text, source);
    std::string found;
    for (const auto& record : std::get<Batch>(parsed).records)
      found += std::to_string(record.order) + "/" + std::to_string(record.scope) + " ";
    return found;
  };
  EXPECT_EQ(orders(records({message("a"), message("b")}), BatchSource::sqs), "0/0 1/1 ");
  const auto fifo =
      records({message("a", "q.fifo", "x"), message("b", "q.fifo", "y"), message("c", "q.fifo", "x")});
  EXPECT_EQ(orders(fifo, BatchSource::sqs), "0/0 1/0 0/0 ");
  EXPECT_EQ(
      orders(records({data("1", "a", "k"), data("2", "a", "l"), data("3", "b", "k")}), BatchSource::kinesis),
      "0/0 1/0 2/1 ");
  const json one = {{"A", {{"S", "x"}}}};
  const json two = {{"A", {{"S", "y"}}}};
  EXPECT_EQ(orders(records({change("1", one), change("2", two), change("3", one)}), BatchSource::dynamodb),
            "0/0 1/0 0/0 ");
  EXPECT_EQ(orders(partitions({{"t-0", {entry(1), entry(2, "", "b3RoZXI="), entry(3)}}, {"t-1", {entry(1)}}}),
                   BatchSource::kafka),
            "0/0 1/0 0/0 2/1 ");
}

TEST(BatchTest, KeysNestedAsDeepAsTheEventIsLongAreOneSequence) {
  const auto deep = std::string(200'000, '[') + std::string(200'000, ']');
  const auto event =
      R"({"Records":[{"eventSource":"aws:dynamodb","dynamodb":{"SequenceNumber":"1","Keys":)" + deep + "}}]}";
  EXPECT_EQ(cause_of(event, BatchSource::dynamodb), "none");
}

TEST(BatchTest, BodiesAreDecoded) {
  const auto sqs = records({message("a")});
  const auto kinesis = records({data("1")});
  const auto dynamodb = records({change("1")});
  const auto kafka = partitions({{"t-0", {entry(1), entry(2, nullptr), entry(3, "?")}}});
  const auto batch = [](const std::string& text, BatchSource source) {
    return std::get<Batch>(event::parse_batch(text, source));
  };
  EXPECT_EQ(content(batch(sqs, BatchSource::sqs), 0), "of a");
  EXPECT_EQ(content(batch(kinesis, BatchSource::kinesis), 0), std::string("\0\xff", 2));
  EXPECT_EQ(json::parse(content(batch(dynamodb, BatchSource::dynamodb), 0))["SequenceNumber"], "1");
  EXPECT_EQ(content(batch(kafka, BatchSource::kafka), 0), "value");
  EXPECT_EQ(content(batch(kafka, BatchSource::kafka), 1), "");
  EXPECT_EQ(content(batch(kafka, BatchSource::kafka), 2), "fault: not base64");
}

TEST(BatchTest, EachRecordHasItsVariables) {
  using Map = std::map<std::string, std::string>;
  const auto fifo = records({message("a"), message("b", "q.fifo", "g")});
  const auto sqs = std::get<Batch>(event::parse_batch(fifo, BatchSource::sqs));
  EXPECT_EQ(variables(sqs, 1), (Map{{"RECORD_SOURCE", "sqs"},
                                    {"RECORD_ID", "b"},
                                    {"RECORD_NUMBER", "2"},
                                    {"RECORD_COUNT", "2"},
                                    {"RECORD_GROUP", "g"},
                                    {"RECORD_RECEIVE_COUNT", "2"},
                                    {"RECORD_SOURCE_ARN", "arn:aws:sqs:us-east-1:1:q.fifo"}}));
  EXPECT_FALSE(variables(sqs, 0).contains("RECORD_GROUP"));
  const auto text = records({data("7", "shardId-3")});
  const auto kinesis = std::get<Batch>(event::parse_batch(text, BatchSource::kinesis));
  EXPECT_EQ(variables(kinesis, 0)["RECORD_SHARD"] + variables(kinesis, 0)["RECORD_KEY"], "shardId-3k");
  const auto changes = records({change("7")});
  const auto dynamodb = std::get<Batch>(event::parse_batch(changes, BatchSource::dynamodb));
  EXPECT_EQ(variables(dynamodb, 0)["RECORD_EVENT_NAME"], "MODIFY");
  const auto entries = partitions({{"t-0", {entry(5, nullptr), entry(6, "", "AA==")}}});
  const auto kafka = std::get<Batch>(event::parse_batch(entries, BatchSource::kafka));
  EXPECT_EQ(variables(kafka, 0), (Map{{"RECORD_SOURCE", "kafka"},
                                      {"RECORD_ID", "5"},
                                      {"RECORD_NUMBER", "1"},
                                      {"RECORD_COUNT", "2"},
                                      {"RECORD_TOPIC", "t"},
                                      {"RECORD_PARTITION", "0"},
                                      {"RECORD_KEY", "key"},
                                      {"RECORD_TOMBSTONE", "1"}}));
  EXPECT_FALSE(variables(kafka, 1).contains("RECORD_KEY")) << "it holds a NUL";
  EXPECT_FALSE(variables(kafka, 1).contains("RECORD_TOMBSTONE"));
}

TEST(BatchTest, EveryVariableIsAmongTheNamesThatAreCleared) {
  const auto& names = event::record_variable_names();
  for (const auto& [text, source] :
       {std::pair{records({message("a", "q.fifo", "g")}), BatchSource::sqs},
        std::pair{records({data("1")}), BatchSource::kinesis},
        std::pair{records({change("1")}), BatchSource::dynamodb},
        std::pair{partitions({{"t-0", {entry(1, nullptr)}}}), BatchSource::kafka}})
    for (const auto& variable : event::record_variables(std::get<Batch>(event::parse_batch(text, source)), 0))
      EXPECT_NE(std::find(names.begin(), names.end(), variable.name), names.end()) << variable.name;
}

TEST(JsonMembersTest, AnArrayIsItsElementsAsTheyStand) {
  const auto elements = [](std::string_view json) {
    const auto found = event::elements_of(json);
    std::string joined;
    if (!found) return std::string("none");
    for (const auto element : *found) joined += "<" + std::string(element) + ">";
    return joined;
  };
  EXPECT_EQ(elements("[]"), "");
  EXPECT_EQ(elements(R"( [1, "a,]" , {"b":[2]},[ ] ,null] )"), R"(<1><"a,]"><{"b":[2]}><[ ]><null>)");
  for (const char* text : {"", "{}", "[1", "[1,]", "[1]]", "[1]2", "[,1]"})
    EXPECT_EQ(elements(text), "none") << text;
}
