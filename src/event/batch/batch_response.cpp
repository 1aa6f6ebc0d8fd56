// SPDX-License-Identifier: Apache-2.0
#include "event/batch/batch_response.h"

#include "base/text/text.h"
#include "event/json/json_text.h"

#include <map>
#include <set>
#include <utility>

namespace event {
namespace {

std::string_view without_zeros(std::string_view digits) {
  const auto first = digits.find_first_not_of('0');
  return first == std::string_view::npos ? std::string_view() : digits.substr(first);
}

std::string quoted(std::string_view text) {
  std::string literal = "\"";
  append_escaped(literal, text);
  return literal + "\"";
}

// Of Kafka it is an object, and its offset a number.
std::string identifier(const BatchRecord& record, BatchSource source) {
  if (source != BatchSource::kafka) return quoted(record.id);
  return "{\"partition\":" + quoted(record.part) + ",\"offset\":" + record.id + "}";
}

// An id that a queue has delivered twice is reported once.
std::vector<std::string> all_failed(const Batch& batch, const std::vector<bool>& done) {
  std::set<std::string_view> seen;
  std::vector<std::string> identifiers;
  for (std::size_t i = 0; i < batch.records.size(); ++i)
    if (!done[i] && seen.insert(batch.records[i].id).second)
      identifiers.push_back(identifier(batch.records[i], batch.source));
  return identifiers;
}

std::vector<std::string> lowest_failed(const Batch& batch, const std::vector<bool>& done) {
  std::map<std::size_t, const BatchRecord*> lowest;  // by scope
  for (std::size_t i = 0; i < batch.records.size(); ++i) {
    const auto& record = batch.records[i];
    if (done[i]) continue;
    const auto [place, is_first] = lowest.try_emplace(record.scope, &record);
    if (!is_first && smaller_decimal(record.id, place->second->id)) place->second = &record;
  }
  std::vector<std::string> identifiers;
  for (const auto& [scope, record] : lowest) identifiers.push_back(identifier(*record, batch.source));
  return identifiers;
}

}  // namespace

bool smaller_decimal(std::string_view a, std::string_view b) {
  a = without_zeros(a);
  b = without_zeros(b);
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

std::string batch_response(const Batch& batch, const std::vector<bool>& done) {
  const bool is_queue = batch.source == BatchSource::sqs;
  auto identifiers = is_queue ? all_failed(batch, done) : lowest_failed(batch, done);
  for (auto& identifier : identifiers) identifier = "{\"itemIdentifier\":" + identifier + "}";
  return "{\"batchItemFailures\":[" + base::join(identifiers, ",") + "]}";
}

}  // namespace event
