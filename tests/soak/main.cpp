// SPDX-License-Identifier: Apache-2.0
// soak: N invocations over mixed handlers, with faults on the wire and kills of children, in `rounds` of one
// bootstrap each. See scripts/soak.
#include "plan.h"
#include "result.h"
#include "service.h"
#include "subject.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

namespace {

using soak::Ledger;

struct Options {
  std::size_t count = 0;
  std::size_t warm_up = 5000;  ///< of each handler, beside `count`
  std::size_t workers = 1;
  unsigned long seed = std::random_device{}();
  double rate = 1;
  double growth = 1;  ///< of memory, in per cent
  std::string bootstrap;
  std::string task_root;
  std::string handler;  ///< this one alone
  std::string log = "/dev/null";
};

/// A handler and its share of all invocations.
struct Round {
  const char* handler;
  std::size_t percent;
};
constexpr Round kRounds[] = {{"program", 60}, {"function.handler", 30}, {"script.sh", 10}};

/// A line every two seconds.
class Progress {
 public:
  Progress(const char* handler, const Ledger& ledger) : handler_(handler), ledger_(ledger) {}

  void tick() {
    const auto now = base::SteadyClock::now();
    if (now - last_ < std::chrono::seconds(2)) return;
    const std::chrono::duration<double> elapsed = now - last_;
    std::fprintf(stderr, "soak: %s: %zu answered, %.0f a second\n", handler_, ledger_.answered,
                 static_cast<double>(ledger_.answered - before_) / elapsed.count());
    last_ = now;
    before_ = ledger_.answered;
  }

 private:
  const char* handler_;
  const Ledger& ledger_;
  base::SteadyClock::time_point last_ = base::SteadyClock::now();
  std::size_t before_ = 0;
};

/// What warms up meets everything that can happen, so that the rest adds nothing. The rarest faults meet one
/// invocation in thousands: there are more of them here.
constexpr double kRateOfWarmUp = 9;

soak::Result soak_one(const Options& options, const char* handler, std::size_t count, unsigned long seed) {
  soak::Planner planner(seed, std::max(options.rate, kRateOfWarmUp));
  soak::Result result;
  result.handler = handler;
  result.warm_up = options.warm_up;
  soak::Service service(planner, result.ledger);
  soak::Subject subject(
      {options.bootstrap, options.task_root, handler, service.address(), options.workers, options.log});
  Progress progress(handler, result.ledger);
  const soak::Service::Watch watch{subject.pidfd(), [&] { return subject.kill_child(planner.number(15)); },
                                   [&] { progress.tick(); }};
  const bool warmed = service.run(options.warm_up, options.workers, watch);
  result.start = subject.holdings();
  planner.set_rate(options.rate);
  result.ran_to_the_end = warmed && service.run(count, options.workers, watch);
  result.end = subject.holdings();
  if (!result.ran_to_the_end || result.start.processes != result.end.processes)
    std::fprintf(stderr, "soak: open:%s\n%s", service.open_events().c_str(), subject.processes().c_str());
  result.last = subject.end();
  return result;
}

bool run(const Options& options, const Round& round, unsigned long seed) {
  const auto percent = options.handler.empty() ? round.percent : 100;
  const auto count = std::max<std::size_t>(options.count * percent / 100, 10);
  const auto result = soak_one(options, round.handler, count, seed);
  print(result);
  const auto faults = faults_of(result, options.growth);
  for (const auto& fault : faults) std::fprintf(stderr, "soak: %s: %s\n", round.handler, fault.c_str());
  return faults.empty();
}

[[noreturn]] void refuse() {
  std::fprintf(stderr,
               "soak --count N --bootstrap FILE --task-root DIR [--workers W] [--seed S] [--rate R] "
               "[--growth PERCENT] "
               "[--handler program|function.handler|script.sh] [--log FILE]\n");
  std::exit(2);
}

Options parse(int count, char** arguments) {
  Options options;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string name = arguments[i];
    const char* value = arguments[i + 1];
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
      options.growth = std::strtod(value, nullptr);
    else if (name == "--bootstrap")
      options.bootstrap = value;
    else if (name == "--task-root")
      options.task_root = value;
    else if (name == "--handler")
      options.handler = value;
    else if (name == "--log")
      options.log = value;
    else
      refuse();
  }
  if (count % 2 == 0 || options.count == 0 || options.workers == 0 || options.bootstrap.empty()) refuse();
  return options;
}

}  // namespace

int main(int count, char** arguments) {
  const auto options = parse(count, arguments);
  std::printf("seed %lu, %zu worker(s)\n", options.seed, options.workers);
  std::fflush(stdout);
  bool good = true;
  unsigned long seed = options.seed;
  for (const auto& round : kRounds) {
    if (!options.handler.empty() && options.handler != round.handler) continue;
    good = run(options, round, seed++) && good;
  }
  std::puts(good ? "soak: nothing lost, doubled, wrong or left" : "soak: FAILED");
  return good ? 0 : 1;
}
