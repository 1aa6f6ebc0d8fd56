// SPDX-License-Identifier: Apache-2.0
#include "bench/driver/suite.h"

#include "bench/driver/bars.h"
#include "bench/driver/loads.h"
#include "bench/driver/measure.h"
#include "bench/driver/names.h"

#include <cstdio>
#include <filesystem>

namespace bench {
namespace {

// The floor stays: without it there is nothing to compare with.
std::vector<Contestant> chosen(const Plan& plan, bool with_sixteen) {
  auto all = contestants(plan);
  std::erase_if(all, [&](const Contestant& each) {
    if (each.name == kSixteen && !with_sixteen) return true;
    return !plan.row.empty() && each.name != plan.row && each.name != kFloor;
  });
  return all;
}

std::size_t rounds_of(const Load& load) {
  if (load.event_size == kSmallEvent) return 32;
  return load.event_size == kLargeEvent ? 8 : 12;
}

// Short turns and many of them: what disturbs the machine for a second then disturbs all contestants alike.
void measure_blocks(const Plan& plan, Results& results) {
  for (Load load : loads(plan)) {
    say(load.name);
    if (plan.quick) load.budget /= 8;
    const auto rounds = rounds_of(load) / (plan.quick ? 4 : 1);
    const bool is_small = load.event_size == kSmallEvent;
    results.blocks.push_back(measure(chosen(plan, is_small), load, rounds, plan.place));
  }
}

void note_sixteen(const Extras& extras, Results& results) {
  char line[256];
  if (extras.one.failure.empty() && extras.sixteen.failure.empty())
    std::snprintf(
        line, sizeof line,
        "16 warm shells: %.0f calls a second of a function that sleeps 50 ms (one: %.0f), %.1f MB for "
        "all processes together (one: %.1f MB)",
        extras.sixteen.per_second, extras.one.per_second,
        static_cast<double>(extras.sixteen.family_memory) / 1e6,
        static_cast<double>(extras.one.family_memory) / 1e6);
  else
    std::snprintf(line, sizeof line, "16 warm shells: NOT MEASURED: %.120s",
                  (extras.one.failure.empty() ? extras.sixteen : extras.one).failure.c_str());
  results.notes.emplace_back(line);
}

Extras measure_extras(const Plan& plan) {
  const Contestant executable{kExecutable, plan.bootstrap, "echo", {}};
  const Contestant function{kFunction, plan.bootstrap, "function.handler", {}};
  Extras extras;
  extras.program_size = std::filesystem::file_size(plan.bootstrap);
  extras.sourcing_time = sourcing_time(plan.place.task_root + "/function.sh", 15);
  extras.endurance_calls = plan.quick ? 2000 : 10'000;
  say("peak memory over many calls");
  extras.executable = endure(executable, extras.endurance_calls, plan.place);
  extras.function = endure(function, extras.endurance_calls, plan.place);
  say("16 at a time");
  extras.one = measure_throughput({kFunction, plan.bootstrap, "function.nap", {}}, 20, plan.place);
  extras.sixteen =
      measure_throughput({kSixteen, plan.bootstrap, "function.nap", {kAtOnce}, 16}, 320, plan.place);
  return extras;
}

}  // namespace

Results run(const Plan& plan) {
  Results results;
  measure_blocks(plan, results);
  if (!plan.load.empty() || !plan.row.empty()) return results;
  say("cold starts");
  results.cold_start = measure_cold_starts(chosen(plan, true), plan.quick ? 5 : 15, plan.place);
  const auto extras = measure_extras(plan);
  note_sixteen(extras, results);
  if (plan.quick) results.notes.emplace_back("a quick look: too few rounds to judge by");
  results.bars = judge(results, extras);
  return results;
}

}  // namespace bench
