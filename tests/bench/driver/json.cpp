// SPDX-License-Identifier: Apache-2.0
#include "bench/driver/report.h"
#include "bench/driver/statistics.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <ctime>
#include <fstream>

#include <nlohmann/json.hpp>

namespace bench {
namespace {

using nlohmann::json;

json optional(const std::optional<double>& value) {
  return value ? json(*value) : json(nullptr);
}

json machine() {
  utsname name{};
  ::uname(&name);
  std::string model = "unknown";
  std::ifstream cpuinfo("/proc/cpuinfo");
  for (std::string line; std::getline(cpuinfo, line);)
    if (line.starts_with("model name")) model = line.substr(line.find(':') + 2);
  return {{"kernel", name.release},
          {"architecture", name.machine},
          {"processors", ::sysconf(_SC_NPROCESSORS_ONLN)},
          {"processor", model}};
}

json row(const Row& row, const Results& results) {
  if (!row.failure.empty()) return {{"contestant", row.contestant}, {"failure", row.failure}};
  json rounds = json::array();
  for (const auto& round : row.rounds) rounds.push_back(median(round));
  const auto cold = results.cold_start.find(row.contestant);
  return {{"contestant", row.contestant},
          {"calls", row.samples()},
          {"p50_ms", row.at(0.5)},
          {"p99_ms", row.at(0.99)},
          {"p50_ms_of_rounds", rounds},
          {"p50_to_floor", optional(row.to_floor)},
          {"curl_loop_to_p50", optional(row.of_curl_loop)},
          {"cold_start_ms", cold == results.cold_start.end() ? json(nullptr) : json(cold->second)},
          {"peak_memory_bytes", row.peak_memory},
          {"cpu_ms_per_call", row.cpu_per_call}};
}

json block(const Block& block, const Results& results) {
  json rows = json::array();
  for (const auto& each : block.rows) rows.push_back(row(each, results));
  return {{"load", block.load.name},
          {"event_bytes", block.load.event_size},
          {"gap_ms", block.load.gap.count()},
          {"rows", std::move(rows)}};
}

json comparison(const Comparison& each) {
  json all{{"load", each.load.name}, {"contestant", each.contestant}};
  if (!each.failure.empty()) return all["failure"] = each.failure, all;
  all["calls_per_round"] = each.calls_per_round;
  all["median_new_to_old"] = each.median;
  all["interval_95"] = {each.interval.low, each.interval.high};
  all["interval_method"] = "order statistics, binomial";
  all["new_to_old_of_rounds"] = each.ratios;
  return all;
}

json head() {
  return {{"unix_time", std::time(nullptr)}, {"machine", machine()}};
}

bool write(const json& all, const std::string& file) {
  std::ofstream out(file);
  out << all.dump(2) << '\n';
  return out.good();
}

}  // namespace

bool write_json(const Results& results, const std::string& file) {
  json all = head();
  all["notes"] = results.notes;
  for (const auto& each : results.blocks) all["blocks"].push_back(block(each, results));
  for (const auto& bar : results.bars)
    all["bars"].push_back(
        {{"bar", bar.what}, {"found", bar.found}, {"met", bar.met ? json(*bar.met) : json(nullptr)}});
  return write(all, file);
}

bool write_json(const std::vector<Comparison>& comparisons, const std::string& file) {
  json all = head();
  for (const auto& each : comparisons) all["comparisons"].push_back(comparison(each));
  return write(all, file);
}

}  // namespace bench
