// SPDX-License-Identifier: Apache-2.0
// An event of a queue, a stream or a topic, up to what its records are given and what is reported of them.
#include "event/batch/batch.h"

#include "event/batch/batch_response.h"
#include "fuzz.h"

#include <variant>

#include <nlohmann/json.hpp>

using event::Batch;
using event::BatchSource;
using fuzzing::require;

namespace {

void check_records(const Batch& batch) {
  for (std::size_t i = 0; i < batch.records.size(); ++i) {
    require(!batch.records[i].id.empty(), "a record has an id");
    for (const auto& variable : event::record_variables(batch, i))
      require(variable.value.find('\0') == std::string::npos, "a variable has no NUL");
    base::Spool bytes;
    static_cast<void>(event::append_content(bytes, batch, i).ok());
  }
}

std::size_t reported(const Batch& batch, bool done) {
  const auto response = event::batch_response(batch, std::vector<bool>(batch.records.size(), done));
  const auto parsed = nlohmann::json::parse(response, nullptr, false);
  return parsed.is_discarded() ? 0 : parsed["batchItemFailures"].size();
}

}  // namespace

void fuzz(std::string_view input) {
  // Others never get here.
  if (!nlohmann::json::accept(input)) return;
  for (const auto source :
       {BatchSource::sqs, BatchSource::kinesis, BatchSource::dynamodb, BatchSource::kafka}) {
    const auto parsed = event::parse_batch(input, source);
    const auto* batch = std::get_if<Batch>(&parsed);
    if (batch == nullptr) continue;
    check_records(*batch);
    require(reported(*batch, true) == 0, "what is done is not reported");
    require(reported(*batch, false) > 0 || batch->records.empty(), "what is not done is reported");
  }
}
