// SPDX-License-Identifier: Apache-2.0
#include "event/batch/batch.h"

#include "event/json/json_members.h"
#include "event/json/json_text.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

namespace event {
namespace {

using Members = std::vector<Member>;

// A key of DynamoDB has two attributes at most. What is nested deeper is not taken apart: the library writes
// it by recursion.
constexpr auto kMostBrackets = 64;

std::string_view literal_in(const Members& members, std::string_view key) {
  const auto* member = find_member(members, key);
  return member == nullptr ? std::string_view() : member->value;
}

// What is no string is as good as absent.
std::optional<std::string> text_of(std::string_view literal) {
  std::string text;
  if (!is_string(literal) || !StringReader(literal).read(literal.size(), text)) return std::nullopt;
  return text;
}

std::string text_in(const Members& members, std::string_view key) {
  return text_of(literal_in(members, key)).value_or("");
}

Members members_in(const Members& members, std::string_view key) {
  return members_of(literal_in(members, key)).value_or(Members());
}

bool is_decimal(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "shardId-000000000006:4959…"
std::string shard_of(const Members& record) {
  const auto id = text_in(record, "eventID");
  const auto colon = id.find(':');
  return colon == std::string::npos ? std::string() : id.substr(0, colon);
}

// The same keys in another order are the same item.
std::string item_of(std::string_view keys) {
  const auto is_bracket = [](char c) { return c == '{' || c == '['; };
  if (std::count_if(keys.begin(), keys.end(), is_bracket) > kMostBrackets) return {};
  const auto parsed = nlohmann::json::parse(keys, nullptr, false);
  return parsed.is_object() ? parsed.dump() : std::string();
}

// Numbers for texts, the same for the same.
class Numbering {
 public:
  std::size_t of(const std::string& text) {
    const auto [place, is_new] = known_.try_emplace(text, next_);
    next_ += is_new ? 1 : 0;
    return place->second;
  }
  std::size_t fresh() { return next_++; }

 private:
  std::map<std::string, std::size_t> known_;
  std::size_t next_ = 0;
};

/// Reads the records of one event; a cause where one cannot be told from others.
class Reader {
 public:
  explicit Reader(BatchSource source) { batch_.source = source; }

  std::variant<Batch, NoBatch> read(std::string_view json) {
    const auto members = members_of(json);
    if (!members) return NoBatch{"it is no JSON object"};
    const auto cause = batch_.source == BatchSource::kafka ? take_partitions(*members) : take_list(*members);
    if (!cause.empty()) return NoBatch{cause};
    return std::move(batch_);
  }

 private:
  using Cause = std::string;  // empty: none

  Cause take_list(const Members& event) {
    const auto list = elements_of(literal_in(event, "Records"));
    if (!list) return "it has no array \"Records\"";
    for (const auto json : *list) {
      const auto members = members_of(json);
      const auto cause = members ? take_record(json, *members) : "is no object";
      if (!cause.empty()) return "record " + std::to_string(batch_.records.size() + 1) + " " + cause;
    }
    return {};
  }

  Cause take_record(std::string_view json, const Members& members) {
    const auto source = text_in(members, "eventSource");
    if (batch_.source == BatchSource::sqs)
      return source == "aws:sqs" ? take_message(json, members) : "is not of aws:sqs";
    if (batch_.source == BatchSource::kinesis)
      return source == "aws:kinesis" ? take_data(json, members) : "is not of aws:kinesis";
    return source == "aws:dynamodb" ? take_change(json, members) : "is not of aws:dynamodb";
  }

  Cause take_message(std::string_view json, const Members& members) {
    BatchRecord record{json, literal_in(members, "body"), text_in(members, "messageId"), {}};
    if (record.id.empty()) return "has no messageId";
    if (!is_string(record.content)) return "has no body";
    const auto queue = text_in(members, "eventSourceARN");
    const bool is_fifo = queue.ends_with(".fifo");
    const auto group = text_in(members_in(members, "attributes"), "MessageGroupId");
    record.order = is_fifo ? orders_.of(group) : orders_.fresh();
    record.scope = is_fifo ? scopes_.of(queue) : scopes_.fresh();
    batch_.records.push_back(std::move(record));
    return {};
  }

  Cause take_data(std::string_view json, const Members& members) {
    const auto inner = members_in(members, "kinesis");
    BatchRecord record{json, literal_in(inner, "data"), text_in(inner, "sequenceNumber"), {}};
    if (!is_decimal(record.id)) return "has no sequenceNumber";
    if (!is_string(record.content)) return "has no data";
    const auto shard = text_in(members, "eventSourceARN") + "\n" + shard_of(members);
    record.order = orders_.of(shard + "\n" + text_in(inner, "partitionKey"));
    record.scope = scopes_.of(shard);
    batch_.records.push_back(std::move(record));
    return {};
  }

  Cause take_change(std::string_view json, const Members& members) {
    const auto change = literal_in(members, "dynamodb");
    const auto inner = members_in(members, "dynamodb");
    BatchRecord record{json, change, text_in(inner, "SequenceNumber"), {}};
    if (!is_decimal(record.id)) return "has no SequenceNumber";
    const auto stream = text_in(members, "eventSourceARN");
    record.order = orders_.of(stream + "\n" + item_of(literal_in(inner, "Keys")));
    record.scope = scopes_.of(stream);
    batch_.records.push_back(std::move(record));
    return {};
  }

  Cause take_partitions(const Members& event) {
    const auto source = text_in(event, "eventSource");
    if (source != "aws:kafka" && source != "SelfManagedKafka" && source != "aws:SelfManagedKafka")
      return "it is not of Kafka";
    const auto partitions = members_of(literal_in(event, "records"));
    if (!partitions) return "it has no object \"records\"";
    for (const auto& partition : *partitions)
      if (auto cause = take_partition(partition); !cause.empty()) return cause;
    return {};
  }

  Cause take_partition(const Member& partition) {
    std::string name;
    const std::string literal = "\"" + std::string(partition.key) + "\"";
    const auto list = elements_of(partition.value);
    if (!StringReader(literal).read(literal.size(), name) || name.empty() || !list)
      return "its \"records\" are no arrays of topics and partitions";
    for (const auto json : *list) {
      const auto members = members_of(json);
      const auto cause = members ? take_entry(json, *members, name) : "is no object";
      if (!cause.empty()) return "record " + std::to_string(batch_.records.size() + 1) + " " + cause;
    }
    return {};
  }

  Cause take_entry(std::string_view json, const Members& members, const std::string& partition) {
    const auto value = literal_in(members, "value");
    BatchRecord record{json, value.empty() ? "null" : value, std::string(literal_in(members, "offset")),
                       partition};
    if (!is_decimal(record.id)) return "has no offset";
    if (!is_string(record.content) && record.content != "null") return "has a value that is no string";
    record.order = orders_.of(partition + "\n" + text_in(members, "key"));
    record.scope = scopes_.of(partition);
    batch_.records.push_back(std::move(record));
    return {};
  }

  Batch batch_;
  Numbering orders_;
  Numbering scopes_;
};

}  // namespace

std::variant<Batch, NoBatch> parse_batch(std::string_view json, BatchSource source) {
  return Reader(source).read(json);
}

base::Status append_content(base::Spool& bytes, const Batch& batch, std::size_t number) {
  const auto content = batch.records[number].content;
  if (batch.source == BatchSource::dynamodb) return bytes.append(content);
  if (!is_string(content)) return base::Done{};
  return append_decoded(bytes, content, batch.source != BatchSource::sqs);
}

}  // namespace event
