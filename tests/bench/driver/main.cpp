// SPDX-License-Identifier: Apache-2.0
// The driver of scripts/bench: starts each contestant as the service would, plays the service for it,
// measures, and prints one table. usage: bench_driver --bootstrap FILE --floor FILE --curl-loop FILE
// --task-root DIR --logs DIR
// --json FILE [--quick] [--check] [--load TEXT] [--row NAME]
#include "bench/driver/bars.h"
#include "bench/driver/endurance.h"
#include "bench/driver/loads.h"
#include "bench/driver/measure.h"
#include "bench/driver/names.h"
#include "bench/driver/report.h"

#include <sys/prctl.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>

namespace bench {
namespace {

using std::chrono::milliseconds;

struct Options {
  std::map<std::string, std::string> files;
  bool quick = false;
  bool check = false;
};

bool parse(int argc, char** argv, Options& options) {
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--quick") {
      options.quick = true;
    } else if (word == "--check") {
      options.check = true;
    } else {
      if (++i == argc) return false;
      options.files[word.substr(std::min<std::size_t>(2, word.size()))] = argv[i];
    }
  }
  for (const char* name : {"bootstrap", "floor", "curl-loop", "task-root", "logs", "json"})
    if (!options.files.contains(name)) return false;
  return true;
}

class Suite {
 public:
  explicit Suite(Options options)
      : options_(std::move(options)), place_{file("task-root"), file("logs")}, program_(file("bootstrap")) {}

  Results run() {
    Results results;
    measure_blocks(results);
    if (!wanted("load").empty() || !wanted("row").empty()) return results;
    say("cold starts");
    results.cold_start = measure_cold_starts(with_sixteen(), options_.quick ? 5 : 15, place_);
    const auto extras = measure_extras(results);
    results.bars = judge(results, extras);
    return results;
  }

 private:
  [[nodiscard]] std::string file(const std::string& name) const { return options_.files.at(name); }
  void say(const std::string& what) const { std::fprintf(stderr, "bench: %s\n", what.c_str()); }

  // The part of the table that was asked for; empty: all of it.
  [[nodiscard]] std::string wanted(const std::string& what) const {
    const auto found = options_.files.find(what);
    return found == options_.files.end() ? std::string() : found->second;
  }

  // The floor stays: without it there is nothing to compare with.
  [[nodiscard]] std::vector<Contestant> only_wanted(std::vector<Contestant> all) const {
    const auto row = wanted("row");
    std::erase_if(
        all, [&](const Contestant& each) { return !row.empty() && each.name != row && each.name != kFloor; });
    return all;
  }

  [[nodiscard]] milliseconds budget(int full) const { return milliseconds(options_.quick ? full / 8 : full); }

  // What each is, on one page: docs/performance.md.
  [[nodiscard]] std::vector<Contestant> contestants() const {
    const auto echo = place_.task_root + "/echo";
    return {{kFloor, file("floor"), echo, {}},
            {kExecutable, program_, "echo", {}},
            {kScript, program_, "script.sh", {}},
            {kFunction, program_, "function.handler", {}},
            {kManyFunctions, program_, "many.handler", {}},
            {kCurlLoop, file("curl-loop"), "function.handler", {}}};
  }

  [[nodiscard]] std::vector<Contestant> with_sixteen() const {
    auto all = contestants();
    all.push_back({kSixteen, program_, "function.handler", {"AWS_LAMBDA_MAX_CONCURRENCY=16"}, 16});
    return all;
  }

  void measure_blocks(Results& results) const {
    const Load loads[] = {
        {"20 B, back to back", kSmallEvent, milliseconds(0), budget(4000)},
        {"20 B, 3 ms apart", kSmallEvent, milliseconds(3), budget(6000)},
        {"100 KB, back to back", kMediumEvent, milliseconds(0), budget(2500)},
        {"100 KB, 3 ms apart", kMediumEvent, milliseconds(3), budget(3500)},
        {"6 MB, back to back", kLargeEvent, milliseconds(0), budget(4000)},
        {"6 MB, 3 ms apart", kLargeEvent, milliseconds(3), budget(4000)},
    };
    for (const auto& load : loads) {
      if (load.name.find(wanted("load")) == std::string::npos) continue;
      say(load.name);
      const bool small = load.event_size == kSmallEvent;
      const std::size_t rounds = (small ? 32U : 12U) / (options_.quick ? 4 : 1);
      results.blocks.push_back(
          measure(only_wanted(small ? with_sixteen() : contestants()), load, rounds, place_));
    }
  }

  Extras measure_extras(Results& results) const {
    Extras extras;
    extras.program_size = std::filesystem::file_size(program_);
    extras.sourcing_time = sourcing_time(place_.task_root + "/function.sh", 15);
    extras.endurance_calls = options_.quick ? 2000 : 10'000;
    say("peak memory over many calls");
    extras.executable = endure({kExecutable, program_, "echo", {}}, extras.endurance_calls, place_);
    extras.function = endure({kFunction, program_, "function.handler", {}}, extras.endurance_calls, place_);
    say("16 at a time");
    extras.one = measure_throughput({kFunction, program_, "function.nap", {}}, 20, place_);
    extras.sixteen = measure_throughput(
        {kSixteen, program_, "function.nap", {"AWS_LAMBDA_MAX_CONCURRENCY=16"}, 16}, 320, place_);
    note_extras(extras, results);
    return extras;
  }

  void note_extras(const Extras& extras, Results& results) const {
    char line[256];
    if (extras.one.failure.empty() && extras.sixteen.failure.empty())
      std::snprintf(
          line, sizeof line,
          "16 warm shells: %.0f calls a second of a function that sleeps 50 ms (one: %.0f), %.1f MB for all "
          "processes (one: %.1f MB)",
          extras.sixteen.per_second, extras.one.per_second,
          static_cast<double>(extras.sixteen.family_memory) / 1e6,
          static_cast<double>(extras.one.family_memory) / 1e6);
    else
      std::snprintf(line, sizeof line, "16 warm shells: NOT MEASURED: %.120s",
                    (extras.one.failure.empty() ? extras.sixteen : extras.one).failure.c_str());
    results.notes.emplace_back(line);
    if (options_.quick) results.notes.emplace_back("a quick look: too few rounds to judge by");
  }

  Options options_;
  Place place_;
  std::string program_;
};

int run(int argc, char** argv) {
  Options options;
  if (!parse(argc, argv, options)) {
    std::fprintf(stderr, "bench_driver: not called as scripts/bench does\n");
    return 2;
  }
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  const auto results = Suite(options).run();
  print(results);
  if (!write_json(results, options.files.at("json"))) {
    std::fprintf(stderr, "bench_driver: cannot write %s\n", options.files.at("json").c_str());
    return 2;
  }
  const bool all_met =
      std::ranges::all_of(results.bars, [](const Bar& bar) { return bar.met.value_or(false); });
  return options.check && !all_met ? 1 : 0;
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  return bench::run(argc, argv);
}
