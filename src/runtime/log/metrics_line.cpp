// SPDX-License-Identifier: Apache-2.0
#include "runtime/log/metrics_line.h"

#include "api/wire/error_type.h"

#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace runtime {
namespace {

using nlohmann::ordered_json;

// The longest that CloudWatch takes as a dimension's value.
constexpr std::size_t kLongestDimension = 1024;

struct Metric {
  const char* name;
  const char* unit;
  double value;
};

double milliseconds(std::chrono::microseconds duration) {
  return static_cast<double>(duration.count()) / 1000.0;
}

std::vector<Metric> metrics_of(const Account& account) {
  std::vector<Metric> metrics = {
      {"duration", "Milliseconds", milliseconds(account.elapsed)},
      {"bytesIn", "Bytes", static_cast<double>(account.bytes_in)},
      {"bytesOut", "Bytes", static_cast<double>(account.bytes_out)},
  };
  if (account.usage.peak_memory_kib == 0) return metrics;
  metrics.push_back({"peakMemory", "Kilobytes", static_cast<double>(account.usage.peak_memory_kib)});
  metrics.push_back(
      {"cpuTime", "Milliseconds", milliseconds(account.usage.user_time + account.usage.system_time)});
  return metrics;
}

ordered_json directive(const std::vector<Metric>& metrics, std::chrono::milliseconds now) {
  auto definitions = ordered_json::array();
  for (const auto& metric : metrics) definitions.push_back({{"Name", metric.name}, {"Unit", metric.unit}});
  const ordered_json group = {
      {"Namespace", "shellstrap"},
      {"Dimensions", ordered_json::array({ordered_json::array({"FunctionName", "outcome"})})},
      {"Metrics", std::move(definitions)}};
  return {{"Timestamp", now.count()}, {"CloudWatchMetrics", ordered_json::array({group})}};
}

}  // namespace

std::string outcome_dimension(const Account& account) {
  if (account.error_type.empty()) return "ok";
  const auto status = account.end ? account.end->status() : std::nullopt;
  return account.ended_by_itself && status ? api::ErrorType::exited(*status).text() : account.error_type;
}

std::string metrics_line(const Account& account, const Surroundings& surroundings,
                         std::string_view function_name, std::chrono::milliseconds now) {
  const auto metrics = metrics_of(account);
  ordered_json line = {{"_aws", directive(metrics, now)}};
  line["FunctionName"] = function_name.empty() ? "unknown" : base::head_of(function_name, kLongestDimension);
  line["outcome"] = outcome_dimension(account);
  line["requestId"] = base::head_of(account.who.request_id, kLongestDimension);
  if (!account.who.tenant_id.empty())
    line["tenantId"] = base::head_of(account.who.tenant_id, kLongestDimension);
  if (!account.error_type.empty()) line["errorType"] = account.error_type;
  for (const auto& metric : metrics) line[metric.name] = metric.value;
  if (account.usage.peak_memory_kib > 0 && peak_is_bound(account, surroundings))
    line["peakMemoryIsUpperBound"] = true;
  return line.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace runtime
