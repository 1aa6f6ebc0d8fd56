// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/spool.h"
#include "base/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace event {

/// Who sends events that are a batch of records.
enum class BatchSource { sqs, kinesis, dynamodb, kafka };

/// One record, by its place in the event: views into the event's text.
struct BatchRecord {
  std::string_view json;     ///< all of it
  std::string_view content;  ///< the value that its body is; "null" of a Kafka tombstone
  std::string id;            ///< message id, sequence number or offset; never empty
  std::string part;          ///< of Kafka: the topic and partition, as the event names them; else empty

  /// Records of one `order` are processed one after the other, as they stand in the event. Numbers from 0.
  std::size_t order = 0;
  /// A record that fails holds back those of its `scope` that come behind it. Numbers from 0.
  std::size_t scope = 0;
};

/// The records of one event, in its order; borrows the event's text.
struct Batch {
  BatchSource source = BatchSource::sqs;
  std::vector<BatchRecord> records;
};

/// It is no event of that source, or one of which not every record could be reported as failed. The cause
/// says nothing of the content.
struct NoBatch {
  std::string cause;
};

/// The records in `json`, which must be JSON and outlive them. Pure.
///
///   source    order: together go those of one   scope: a failure holds back what is behind it in
///   sqs       – (each for itself)               –
///   sqs FIFO  message group                     the queue
///   kinesis   partition key in a shard          the shard
///   dynamodb  item                              the stream
///   kafka     key in a partition                the partition
std::variant<Batch, NoBatch> parse_batch(std::string_view json, BatchSource source);

/// A variable of one record: documented in docs/batch.md. Never a NUL.
struct RecordVariable {
  std::string name;
  std::string value;
};
std::vector<RecordVariable> record_variables(const Batch& batch, std::size_t record);

/// The names of all of them: found in the environment of the bootstrap they would be taken for a record's.
const std::vector<std::string_view>& record_variable_names();

/// Appends the body of a record, decoded where the source encodes it. The error says what is wrong with it.
base::Status append_content(base::Spool& bytes, const Batch& batch, std::size_t record);

}  // namespace event
