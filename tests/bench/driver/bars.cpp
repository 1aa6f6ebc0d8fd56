// SPDX-License-Identifier: Apache-2.0
#include "bench/driver/bars.h"

#include "bench/driver/loads.h"
#include "bench/driver/names.h"

#include <cstdio>

namespace bench {
namespace {

std::string number(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string megabytes(std::size_t bytes) {
  return number("%.2f MB", static_cast<double>(bytes) / 1e6);
}

Bar at_most(const std::string& what, std::optional<double> value, double limit, const char* format) {
  const auto promise = what + " <= " + number(format, limit);
  if (!value) return {promise, "not measured", std::nullopt};
  return {promise, number(format, *value), *value <= limit};
}

Bar at_least(const std::string& what, std::optional<double> value, double limit, const char* format) {
  const auto promise = what + " >= " + number(format, limit);
  if (!value) return {promise, "not measured", std::nullopt};
  return {promise, number(format, *value), *value >= limit};
}

Bar memory_at_most(const std::string& what, std::size_t bytes, std::size_t limit) {
  if (bytes == 0) return {what + " <= " + megabytes(limit), "not measured", std::nullopt};
  return {what + " <= " + megabytes(limit), megabytes(bytes), bytes <= limit};
}

class Judge {
 public:
  Judge(const Results& results, const Extras& extras) : results_(results), extras_(extras) {}

  std::vector<Bar> all() {
    add_speed("executable", kExecutable, 1.10, 1.10);
    add_speed("function", kFunction, 0.90, 0.80);
    add_cold_starts();
    add_memory();
    add_throughput();
    return std::move(bars_);
  }

 private:
  std::optional<double> figure(bool with_gap, const char* name, std::optional<double> Row::*member) const {
    const Row* const row = results_.row(kSmallEvent, with_gap, name);
    return row == nullptr ? std::nullopt : row->*member;
  }

  void add_speed(const std::string& what, const char* name, double limit, double limit_with_gap) {
    bars_.push_back(
        at_most(what + ", back to back: p50 / floor", figure(false, name, &Row::to_floor), limit, "%.2f"));
    bars_.push_back(at_most(what + ", 3 ms apart: p50 / floor", figure(true, name, &Row::to_floor),
                            limit_with_gap, "%.2f"));
    for (const bool with_gap : {false, true})
      bars_.push_back(at_least("curl loop / " + what + (with_gap ? ", 3 ms apart" : ", back to back"),
                               figure(with_gap, name, &Row::of_curl_loop), 18, "%.1f"));
  }

  std::optional<double> cold_ratio(const char* name, double allowance) const {
    const auto floor = results_.cold_start.find(kFloor);
    const auto ours = results_.cold_start.find(name);
    if (floor == results_.cold_start.end() || ours == results_.cold_start.end()) return std::nullopt;
    return (ours->second - allowance) / floor->second;
  }

  void add_cold_starts() {
    bars_.push_back(at_most("cold start, executable / floor", cold_ratio(kExecutable, 0), 1.5, "%.2f"));
    bars_.push_back(at_most("cold start, function less " + number("%.2f ms", extras_.sourcing_time) +
                                " of bash sourcing its file / floor",
                            cold_ratio(kFunction, extras_.sourcing_time), 1.5, "%.2f"));
  }

  void add_endurance(const std::string& what, const Endurance& found) {
    const auto calls = std::to_string(extras_.endurance_calls);
    bars_.push_back(
        memory_at_most("peak memory, " + what + ", " + calls + " calls", found.final_peak, 4'000'000));
    Bar growth{"no growth, " + what + ", after the first tenth of them", "not measured", std::nullopt};
    if (found.final_peak != 0) {
      growth.found = megabytes(found.final_peak - found.early_peak);
      // The one per cent that a million invocations may grow by.
      growth.met = static_cast<double>(found.final_peak) <= 1.01 * static_cast<double>(found.early_peak);
    }
    bars_.push_back(std::move(growth));
  }

  void add_memory() {
    add_endurance("executable", extras_.executable);
    add_endurance("function", extras_.function);
    for (const char* name : {kExecutable, kFunction}) {
      const Row* const row = results_.row(kLargeEvent, false, name);
      const bool measured = row != nullptr && row->failure.empty();
      bars_.push_back(memory_at_most(std::string("peak memory, ") + name + ", 6 MB event and answer",
                                     measured ? row->peak_memory : 0, 20'000'000));
    }
    bars_.push_back(
        memory_at_most("size of bootstrap, static and stripped", extras_.program_size, 3'000'000));
  }

  void add_throughput() {
    std::optional<double> gain;
    if (extras_.one.failure.empty() && extras_.sixteen.failure.empty())
      gain = extras_.sixteen.per_second / extras_.one.per_second;
    bars_.push_back(
        at_least("throughput of 16 at a time / one at a time, a handler that waits", gain, 1.6, "%.1f"));
  }

  const Results& results_;
  const Extras& extras_;
  std::vector<Bar> bars_;
};

}  // namespace

std::vector<Bar> judge(const Results& results, const Extras& extras) {
  return Judge(results, extras).all();
}

}  // namespace bench
