// SPDX-License-Identifier: Apache-2.0
#include "bench/driver/comparison.h"

#include "bench/driver/loads.h"
#include "bench/driver/measure.h"
#include "bench/driver/names.h"

#include <algorithm>
#include <cstdio>

namespace bench {
namespace {

constexpr double kLongest = 1.03;
constexpr double kWidest = 0.03;

struct Size {
  std::size_t fewest_rounds;
  std::size_t most_rounds;
  std::size_t calls;  ///< of each of the two, in a round
};

Size size_of(const Load& load, bool quick) {
  Size size{200, 1000, 24};
  if (load.event_size == kMediumEvent) size = {200, 400, 12};
  if (load.event_size == kLargeEvent) size = {200, 200, 3};
  if (quick) size.fewest_rounds = size.most_rounds = 40;
  return size;
}

bool is_compared(const Plan& plan, const Contestant& contestant) {
  if (contestant.program != plan.bootstrap) return false;
  if (!plan.row.empty()) return contestant.name == plan.row;
  return contestant.name == kExecutable || contestant.name == kFunction;
}

double take_round(const Contestant& now, const Contestant& before, bool now_first,
                  const Comparison& comparison, const Place& place) {
  const auto p50 = [&](const Contestant& contestant) {
    return median(times_of_one_life(contestant, comparison.load, comparison.calls_per_round, place));
  };
  const double first = p50(now_first ? now : before);
  const double second = p50(now_first ? before : now);
  return now_first ? first / second : second / first;
}

double width(const Interval& interval) {
  return interval.high - interval.low;
}

// On a quiet machine the fewest rounds are enough. That the width alone decides on more of them, and never
// the ratio, keeps it from being led where somebody wants it.
void take_rounds(const Contestant& now, const Contestant& before, const Size& size, Comparison& comparison,
                 const Place& place) {
  auto& ratios = comparison.ratios;
  while (ratios.size() < size.most_rounds) {
    ratios.push_back(take_round(now, before, ratios.size() % 2 == 0, comparison, place));
    comparison.interval = median_interval(ratios);
    if (ratios.size() >= size.fewest_rounds && width(comparison.interval) <= kWidest) return;
  }
}

Comparison compare(const Plan& plan, const Contestant& now, const Load& load) {
  const auto size = size_of(load, plan.quick);
  Contestant before = now;
  before.program = plan.against;
  Comparison comparison{now.name, load, size.calls, {}, {}, 0, {}};
  try {
    take_rounds(now, before, size, comparison, plan.place);
  } catch (const Failed& failed) {
    comparison.failure = failed.why;
  }
  comparison.median = median(comparison.ratios);
  return comparison;
}

Bar at_most(const std::string& what, bool is_measured, double value, double limit) {
  char promise[32];
  char found[32];
  std::snprintf(promise, sizeof promise, " <= %.2f", limit);
  std::snprintf(found, sizeof found, "%.3f", value);
  if (!is_measured) return {what + promise, "not measured", std::nullopt};
  return {what + promise, found, value <= limit};
}

}  // namespace

std::vector<Comparison> compare_bootstraps(const Plan& plan) {
  std::vector<Comparison> all;
  for (const auto& load : loads(plan)) {
    if (load.event_size == kLargeEvent && plan.load.empty()) continue;
    for (const auto& contestant : contestants(plan)) {
      if (!is_compared(plan, contestant)) continue;
      say(load.name + ", " + contestant.name);
      all.push_back(compare(plan, contestant, load));
    }
  }
  return all;
}

std::vector<Bar> judge(const std::vector<Comparison>& comparisons) {
  std::vector<Bar> bars;
  for (const auto& each : comparisons) {
    if (each.contestant != kFunction || each.load.event_size != kSmallEvent) continue;
    const auto what = each.contestant + ", " + each.load.name + ": ";
    const bool is_measured = each.failure.empty() && each.interval.low > 0;
    bars.push_back(at_most(what + "lower end of new / old", is_measured, each.interval.low, kLongest));
    bars.push_back(at_most(what + "width of the interval", is_measured, width(each.interval), kWidest));
  }
  return bars;
}

}  // namespace bench
