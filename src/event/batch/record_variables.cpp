// SPDX-License-Identifier: Apache-2.0
#include "base/text/base64.h"
#include "event/batch/batch.h"
#include "event/json/json_members.h"
#include "event/json/json_text.h"

#include <utility>

namespace event {
namespace {

std::string_view name_of(BatchSource source) {
  switch (source) {
    case BatchSource::sqs:
      return "sqs";
    case BatchSource::kinesis:
      return "kinesis";
    case BatchSource::dynamodb:
      return "dynamodb";
    case BatchSource::kafka:
      break;
  }
  return "kafka";
}

// The members of one record, which has been parsed before.
class Record {
 public:
  explicit Record(std::string_view json) : members_(members_of(json).value_or(std::vector<Member>())) {}

  [[nodiscard]] Record inner(std::string_view key) const { return Record(literal(key)); }

  [[nodiscard]] std::string_view literal(std::string_view key) const {
    const auto* member = find_member(members_, key);
    return member == nullptr ? std::string_view() : member->value;
  }

  /// A string decoded, anything else as it stands there.
  [[nodiscard]] std::string text(std::string_view key) const {
    const auto value = literal(key);
    std::string text;
    if (!is_string(value)) return std::string(value);
    return StringReader(value).read(value.size(), text) ? text : std::string();
  }

 private:
  std::vector<Member> members_;
};

// Empty ones are not set, and a variable cannot hold a NUL.
class Variables {
 public:
  void add(std::string_view name, std::string value) {
    if (value.empty() || value.find('\0') != std::string::npos) return;
    list.push_back({std::string(name), std::move(value)});
  }

  std::vector<RecordVariable> list;
};

void add_sqs(Variables& variables, const Record& record) {
  const auto attributes = record.inner("attributes");
  variables.add("RECORD_SOURCE_ARN", record.text("eventSourceARN"));
  variables.add("RECORD_GROUP", attributes.text("MessageGroupId"));
  variables.add("RECORD_RECEIVE_COUNT", attributes.text("ApproximateReceiveCount"));
}

void add_kinesis(Variables& variables, const Record& record) {
  const auto id = record.text("eventID");
  variables.add("RECORD_SOURCE_ARN", record.text("eventSourceARN"));
  variables.add("RECORD_KEY", record.inner("kinesis").text("partitionKey"));
  variables.add("RECORD_SHARD", id.substr(0, id.find(':')));
}

void add_dynamodb(Variables& variables, const Record& record) {
  variables.add("RECORD_SOURCE_ARN", record.text("eventSourceARN"));
  variables.add("RECORD_EVENT_NAME", record.text("eventName"));
}

void add_kafka(Variables& variables, const Record& record) {
  variables.add("RECORD_TOPIC", record.text("topic"));
  variables.add("RECORD_PARTITION", record.text("partition"));
  if (is_string(record.literal("key")))
    variables.add("RECORD_KEY", base::base64_decode(record.text("key")).value_or(""));
  if (!is_string(record.literal("value"))) variables.add("RECORD_TOMBSTONE", "1");
}

}  // namespace

std::vector<RecordVariable> record_variables(const Batch& batch, std::size_t number) {
  const auto& record = batch.records[number];
  Variables variables;
  variables.add("RECORD_SOURCE", std::string(name_of(batch.source)));
  variables.add("RECORD_ID", record.id);
  variables.add("RECORD_NUMBER", std::to_string(number + 1));
  variables.add("RECORD_COUNT", std::to_string(batch.records.size()));
  const Record members(record.json);
  if (batch.source == BatchSource::sqs) add_sqs(variables, members);
  if (batch.source == BatchSource::kinesis) add_kinesis(variables, members);
  if (batch.source == BatchSource::dynamodb) add_dynamodb(variables, members);
  if (batch.source == BatchSource::kafka) add_kafka(variables, members);
  return std::move(variables.list);
}

const std::vector<std::string_view>& record_variable_names() {
  static const std::vector<std::string_view> kNames = {
      "RECORD_SOURCE", "RECORD_ID",        "RECORD_NUMBER",        "RECORD_COUNT",      "RECORD_SOURCE_ARN",
      "RECORD_GROUP",  "RECORD_SHARD",     "RECORD_RECEIVE_COUNT", "RECORD_EVENT_NAME", "RECORD_KEY",
      "RECORD_TOPIC",  "RECORD_PARTITION", "RECORD_TOMBSTONE"};
  return kNames;
}

}  // namespace event
