// SPDX-License-Identifier: Apache-2.0
// The driver of scripts/bench: starts each contestant as the service would, plays the service for it,
// measures, and prints one table. Not meant to be called by hand; the exit status is that of scripts/bench.
#include "bench/driver/comparison.h"
#include "bench/driver/report.h"
#include "bench/driver/suite.h"

#include <sys/prctl.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <string>

namespace bench {
namespace {

struct Options {
  Plan plan;
  std::string json;
  bool check = false;
};

bool parse(int argc, char** argv, Options& options) {
  Plan& plan = options.plan;
  const std::map<std::string, bool*> flags{{"--quick", &plan.quick}, {"--check", &options.check}};
  const std::map<std::string, std::string*> values{{"--bootstrap", &plan.bootstrap},
                                                   {"--floor", &plan.floor},
                                                   {"--curl-loop", &plan.curl_loop},
                                                   {"--task-root", &plan.place.task_root},
                                                   {"--logs", &plan.place.log_folder},
                                                   {"--against", &plan.against},
                                                   {"--load", &plan.load},
                                                   {"--row", &plan.row},
                                                   {"--json", &options.json}};
  for (int i = 1; i < argc; ++i) {
    if (const auto flag = flags.find(argv[i]); flag != flags.end())
      *flag->second = true;
    else if (const auto value = values.find(argv[i]); value != values.end() && i + 1 < argc)
      *value->second = argv[++i];
    else
      return false;
  }
  return !plan.bootstrap.empty() && !plan.floor.empty() && !options.json.empty();
}

// The exit status.
template <class Findings>
int report(const Findings& findings, const std::vector<Bar>& bars, const Options& options) {
  print(findings);
  if (!write_json(findings, options.json)) {
    std::fprintf(stderr, "bench_driver: cannot write %s\n", options.json.c_str());
    return 2;
  }
  const bool all_met = std::ranges::all_of(bars, [](const Bar& bar) { return bar.met.value_or(false); });
  return options.check && !all_met ? 1 : 0;
}

int no_such_rows() {
  std::fprintf(stderr, "bench_driver: there is no such load, or no such row\n");
  return 2;
}

int run_comparison(const Options& options) {
  const auto comparisons = compare_bootstraps(options.plan);
  if (comparisons.empty()) return no_such_rows();
  return report(comparisons, judge(comparisons), options);
}

int run_suite(const Options& options) {
  const auto results = run(options.plan);
  if (results.blocks.empty() || results.blocks.front().rows.empty()) return no_such_rows();
  return report(results, results.bars, options);
}

int run_driver(int argc, char** argv) {
  Options options;
  if (!parse(argc, argv, options)) {
    std::fprintf(stderr, "bench_driver: not called as scripts/bench does\n");
    return 2;
  }
  // What a contestant leaves behind falls to the driver, which reaps it.
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  return options.plan.against.empty() ? run_suite(options) : run_comparison(options);
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  return bench::run_driver(argc, argv);
}
