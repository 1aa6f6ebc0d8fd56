// SPDX-License-Identifier: Apache-2.0
// soak: N invocations over mixed handlers, with faults on the wire and somebody who signals, stops and
// starves what runs, in shares of one bootstrap each. See scripts/soak.
#include "base/text/text.h"
#include "round.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct Options {
  std::size_t count = 0;
  std::size_t warm_up = 5000;  ///< of each plain share, beside `count`
  std::size_t workers = 1;
  unsigned long seed = std::random_device{}();
  double rate = 1;
  soak::Allowance allowance;
  std::string bootstrap;
  std::string task_root;
  std::vector<std::string> shares;  ///< only those whose names begin so; one alone has the whole count
  std::string log;
};

bool is_wanted(const Options& options, std::string_view name) {
  const auto begins_so = [name](const std::string& wanted) { return name.starts_with(wanted); };
  return options.shares.empty() || std::ranges::any_of(options.shares, begins_so);
}

bool run(const Options& options, const soak::Share& share, unsigned long seed) {
  const bool is_alone = options.shares.size() == 1 && options.shares[0] == share.name;
  const double part = is_alone ? 1000 : share.per_mille;
  const auto count = static_cast<std::size_t>(static_cast<double>(options.count) * part / 1000);
  const auto warm_up = share.is_plain() ? options.warm_up : std::min(options.warm_up, share.fewest / 4);
  const auto result = soak::soak_one({share, std::max(count, share.fewest), warm_up, options.workers, seed,
                                      options.rate, options.bootstrap, options.task_root, options.log});
  print(result);
  const auto faults = faults_of(result, options.allowance);
  for (const auto& fault : faults) std::fprintf(stderr, "soak: %s: %s\n", share.name, fault.c_str());
  return faults.empty();
}

[[noreturn]] void refuse() {
  std::fprintf(stderr,
               "soak --count N --bootstrap FILE --task-root DIR [--workers W] [--seed S] [--rate R] "
               "[--warm-up N] [--growth PERCENT] [--patience FACTOR] [--share NAME,...] [--log FILE]\n");
  std::exit(2);
}

bool take_number(Options& options, const std::string& name, const char* value) {
  if (name == "--count")
    options.count = std::strtoul(value, nullptr, 10);
  else if (name == "--warm-up")
    options.warm_up = std::strtoul(value, nullptr, 10);
  else if (name == "--workers")
    options.workers = std::strtoul(value, nullptr, 10);
  else if (name == "--seed")
    options.seed = std::strtoul(value, nullptr, 10);
  else if (name == "--rate")
    options.rate = std::strtod(value, nullptr);
  else if (name == "--growth")
    options.allowance.growth = std::strtod(value, nullptr);
  else if (name == "--patience")
    options.allowance.patience = std::strtod(value, nullptr);
  else
    return false;
  return true;
}

bool take_text(Options& options, const std::string& name, const char* value) {
  if (name == "--bootstrap")
    options.bootstrap = value;
  else if (name == "--task-root")
    options.task_root = value;
  else if (name == "--share")
    for (const auto wanted : base::split(value, ',')) options.shares.emplace_back(wanted);
  else if (name == "--log")
    options.log = value;
  else
    return false;
  return true;
}

Options parse(int count, char** arguments) {
  Options options;
  for (int i = 1; i + 1 < count; i += 2)
    if (!take_number(options, arguments[i], arguments[i + 1]) &&
        !take_text(options, arguments[i], arguments[i + 1]))
      refuse();
  if (count % 2 == 0 || options.count == 0 || options.workers == 0 || options.bootstrap.empty()) refuse();
  return options;
}

}  // namespace

int main(int count, char** arguments) {
  const auto options = parse(count, arguments);
  std::printf("seed %lu, %zu worker(s)\n", options.seed, options.workers);
  std::fflush(stdout);
  bool good = true;
  bool any = false;
  unsigned long seed = options.seed;
  for (const auto& share : soak::kShares) {
    const auto own_seed = seed++;
    if (!is_wanted(options, share.name)) continue;
    any = true;
    good = run(options, share, own_seed) && good;
  }
  if (!any) refuse();
  std::puts(good ? "soak: nothing lost, doubled, wrong, left or answered by another run" : "soak: FAILED");
  return good ? 0 : 1;
}
