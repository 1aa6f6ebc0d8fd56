// SPDX-License-Identifier: Apache-2.0
// soak: N invocations over mixed handlers, with faults on the wire and kills of children, in `rounds` of one
// bootstrap each. See scripts/soak.
#include "ledger.h"
#include "plan.h"
#include "service.h"
#include "subject.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace {

using soak::Holdings;
using soak::Ledger;

struct Options {
  std::size_t count = 0;
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

std::string text_of(const std::optional<std::size_t>& number) {
  return number ? std::to_string(*number) : "not readable by this user";
}

void print(const char* handler, const Ledger& ledger, const Holdings& start, const Holdings& end,
           const soak::Subject::End& last) {
  const double growth =
      100.0 * (static_cast<double>(end.resident_kib) / static_cast<double>(start.resident_kib) - 1);
  std::printf("%s\n", handler);
  std::printf("  invocations issued      %zu\n", ledger.issued);
  std::printf("  answered exactly once   %zu (%zu of them sent again after a lost POST)\n", ledger.answered,
              ledger.sent_again);
  std::printf("  of unknown fate         %zu (their POST was reset on purpose)\n", ledger.unknown);
  std::printf("  lost                    %zu\n", ledger.open());
  std::printf("  doubled                 %zu\n", ledger.doubled);
  std::printf("  wrong                   %zu\n", ledger.wrong);
  std::printf("  longest silence         %.2f s, of a worker with something to do\n",
              std::chrono::duration<double>(ledger.longest_silence).count());
  std::printf("  faults, children killed %zu, %zu\n", ledger.faults, ledger.killed);
  std::printf("  descriptors             %s -> %s\n", text_of(start.descriptors).c_str(),
              text_of(end.descriptors).c_str());
  std::printf("  memory                  %zu -> %zu KiB (%+.2f %%), of it heap and stacks %zu -> %zu\n",
              start.resident_kib, end.resident_kib, growth, start.anonymous_kib, end.anonymous_kib);
  std::printf("  processes below it      %zu -> %zu\n", start.processes, end.processes);
  std::printf("  processes left          %zu, exit status %s\n", last.left, last.state.c_str());
}

/// The bootstrap's limits for what hangs are 5 seconds; nothing here should need one, and no machine is that
/// slow.
constexpr auto kHang = std::chrono::milliseconds(4500);

bool is_good(const Options& options, const Ledger& ledger, const Holdings& start, const Holdings& end,
             const soak::Subject::End& last) {
  const double limit = static_cast<double>(start.resident_kib) * (1 + options.growth / 100);
  return ledger.open() == 0 && ledger.doubled == 0 && ledger.wrong == 0 && ledger.longest_silence < kHang &&
         start.descriptors == end.descriptors && static_cast<double>(end.resident_kib) < limit &&
         start.processes == end.processes && last.left == 0 && last.is_clean;
}

/// What warms up, with everything that can happen in it; the rest must add nothing. The rarest faults meet
/// one invocation in thousands, so there are more of them here.
constexpr double kRateOfWarmUp = 9;

std::size_t warm_up_of(std::size_t count) {
  constexpr std::size_t kEnough = 5000;
  return std::max(count / 10, std::min(count / 4, kEnough));
}

bool run(const Options& options, const Round& round, unsigned long seed) {
  soak::Planner planner(seed, std::max(options.rate, kRateOfWarmUp));
  Ledger ledger;
  soak::Service service(planner, ledger);
  soak::Subject subject(
      {options.bootstrap, options.task_root, round.handler, service.address(), options.workers, options.log});
  Progress progress(round.handler, ledger);
  const soak::Service::Watch watch{subject.pidfd(), [&] { return subject.kill_child(planner.number(15)); },
                                   [&] { progress.tick(); }};
  const auto percent = options.handler.empty() ? round.percent : 100;
  const auto count = std::max<std::size_t>(options.count * percent / 100, 10);
  const auto warm_up = warm_up_of(count);
  const bool warmed = service.run(warm_up, options.workers, watch);
  const auto start = subject.holdings();
  planner.set_rate(options.rate);
  const bool ran = warmed && service.run(count - warm_up, options.workers, watch);
  const auto end = subject.holdings();
  if (!ran || start.processes != end.processes)
    std::fprintf(stderr, "soak: open:%s\n%s", service.open_events().c_str(), subject.processes().c_str());
  if (!ran) std::fprintf(stderr, "soak: the bootstrap ended, or nothing happened for half a minute\n");
  const auto last = subject.end();
  print(round.handler, ledger, start, end, last);
  return ran && is_good(options, ledger, start, end, last);
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
    std::fflush(stdout);
  }
  std::puts(good ? "soak: nothing lost, doubled, wrong or left" : "soak: FAILED");
  return good ? 0 : 1;
}
