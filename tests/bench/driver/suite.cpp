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

using std::chrono::milliseconds;

constexpr const char* kAtOnce = "AWS_LAMBDA_MAX_CONCURRENCY=16";

void say(const std::string& what) {
  std::fprintf(stderr, "bench: %s\n", what.c_str());
}

// What each of them is: docs/performance.md.
std::vector<Contestant> contestants(const Plan& plan, bool with_sixteen) {
  std::vector<Contestant> all{{kFloor, plan.floor, plan.place.task_root + "/echo", {}},
                              {kExecutable, plan.bootstrap, "echo", {}},
                              {kScript, plan.bootstrap, "script.sh", {}},
                              {kFunction, plan.bootstrap, "function.handler", {}},
                              {kManyFunctions, plan.bootstrap, "many.handler", {}},
                              {kCurlLoop, plan.curl_loop, "function.handler", {}}};
  if (with_sixteen) all.push_back({kSixteen, plan.bootstrap, "function.handler", {kAtOnce}, 16});
  // The floor stays: without it there is nothing to compare with.
  std::erase_if(all, [&](const Contestant& each) {
    return !plan.row.empty() && each.name != plan.row && each.name != kFloor;
  });
  return all;
}

// Short turns and many of them: what disturbs the machine for a second then disturbs all contestants alike.
void measure_blocks(const Plan& plan, Results& results) {
  const Load loads[] = {
      {"20 B, back to back", kSmallEvent, milliseconds(0), milliseconds(4000)},
      {"20 B, 3 ms apart", kSmallEvent, milliseconds(3), milliseconds(6000)},
      {"100 KB, back to back", kMediumEvent, milliseconds(0), milliseconds(2500)},
      {"100 KB, 3 ms apart", kMediumEvent, milliseconds(3), milliseconds(3500)},
      {"6 MB, back to back", kLargeEvent, milliseconds(0), milliseconds(3000)},
      {"6 MB, 3 ms apart", kLargeEvent, milliseconds(3), milliseconds(3000)},
  };
  for (Load load : loads) {
    if (load.name.find(plan.load) == std::string::npos) continue;
    say(load.name);
    const bool small = load.event_size == kSmallEvent;
    if (plan.quick) load.budget /= 8;
    const std::size_t rounds = (small                            ? 32U
                                : load.event_size == kLargeEvent ? 8U
                                                                 : 12U) /
                               (plan.quick ? 4 : 1);
    results.blocks.push_back(measure(contestants(plan, small), load, rounds, plan.place));
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
  results.cold_start = measure_cold_starts(contestants(plan, true), plan.quick ? 5 : 15, plan.place);
  const auto extras = measure_extras(plan);
  note_sixteen(extras, results);
  if (plan.quick) results.notes.emplace_back("a quick look: too few rounds to judge by");
  results.bars = judge(results, extras);
  return results;
}

}  // namespace bench
