// SPDX-License-Identifier: Apache-2.0
#include "round.h"

#include "canary.h"
#include "service.h"
#include "support/temp_dir.h"

#include <algorithm>
#include <cstdio>
#include <optional>

namespace soak {
namespace {

/// A line every two seconds.
class Progress {
 public:
  Progress(const char* name, const Ledger& ledger) : name_(name), ledger_(ledger) {}

  void tick() {
    const auto now = base::SteadyClock::now();
    if (now - last_ < std::chrono::seconds(2)) return;
    const std::chrono::duration<double> elapsed = now - last_;
    std::fprintf(stderr, "soak: %s: %zu answered, %.0f a second\n", name_, ledger_.answered,
                 static_cast<double>(ledger_.answered - before_) / elapsed.count());
    last_ = now;
    before_ = ledger_.answered;
  }

 private:
  const char* name_;
  const Ledger& ledger_;
  base::SteadyClock::time_point last_ = base::SteadyClock::now();
  std::size_t before_ = 0;
};

/// What warms up meets everything that can happen, so that the rest adds nothing. The rarest faults meet one
/// invocation in thousands: there are more of them here.
constexpr double kRateOfWarmUp = 9;

/// Of all workers together: each is a shell, with memory and descriptors of its own.
constexpr std::size_t kMostLanes = 32;

std::size_t workers_of(const Round& round) {
  if (!round.share.is_batch()) return round.workers;
  return std::min(round.workers, kMostLanes / round.share.lanes);
}

std::vector<std::string> environment_of(const Share& share, const std::string& runs,
                                        const std::string& canary) {
  std::vector<std::string> all{"SOAK_RUNS=" + runs, "SOAK_CANARY=" + canary};
  if (share.is_batch()) {
    all.emplace_back("SHELLSTRAP_BATCH=sqs");
    all.push_back("SHELLSTRAP_BATCH_PARALLEL=" + std::to_string(share.lanes));
  }
  return all;
}

/// Everything that a round needs, made in this order and ended in the reverse one.
class Stage {
 public:
  Stage(const Round& round, Result& result)
      : round_(round),
        workers_(workers_of(round)),
        planner_(round.seed, std::max(round.rate, kRateOfWarmUp), round.share),
        log_(round.log.empty() ? folder_ / "log" : round.log),
        said_before_(size_of_file(log_)),
        runs_(folder_ / "runs", result.ledger),
        service_(planner_, result.ledger, runs_, canary_),
        subject_({round.bootstrap, round.task_root, round.share.handler, service_.address(), workers_,
                  environment_of(round.share, folder_ / "runs", canary_), log_}),
        disturber_(subject_.pid(), result.ledger, runs_),
        progress_(round.share.name, result.ledger),
        watch_{subject_.pidfd(), disturber_, nullptr, [this] { progress_.tick(); }} {}

  /// With the rate of a warm-up first, so that nothing new comes behind it.
  void play(Result& result) {
    bool runs = run(round_.warm_up) && calm_down();
    if (round_.share.is_starved) starve();
    result.start = subject_.holdings();
    planner_.set_rate(round_.rate);
    runs = runs && run(round_.count);
    result.ran_to_the_end = runs && calm_down();
    feed();
    result.end = subject_.holdings();
    if (!result.ran_to_the_end || result.start.processes != result.end.processes)
      std::fprintf(stderr, "soak: open:%s\n%s", service_.open_events().c_str(), subject_.processes().c_str());
    result.last = subject_.end();
    runs_.read();
    result.ledger.leaks += count_lines_with(canary_, log_, said_before_);
  }

 private:
  bool run(std::size_t count) { return service_.run(count, workers_, watch_); }

  /// One quiet invocation for each worker: what a signal has ended beside a call is replaced with the next
  /// one.
  bool calm_down() {
    planner_.set_rate(0);
    return run(workers_);
  }

  void starve() { watch_.starvation = &starvation_.emplace(subject_.pid()); }
  void feed() {
    if (watch_.starvation != nullptr) watch_.starvation->lift();
    watch_.starvation = nullptr;
  }

  const Round& round_;
  std::size_t workers_;
  support::TempDir folder_;
  std::string canary_ = random_canary();
  Planner planner_;
  std::string log_;
  std::size_t said_before_;
  Runs runs_;
  Service service_;
  std::optional<Starvation> starvation_;  // ends behind the subject: it kills what is left in it
  Subject subject_;
  Disturber disturber_;
  Progress progress_;
  Service::Watch watch_;
};

}  // namespace

Result soak_one(const Round& round) {
  Result result;
  result.share = round.share;
  result.warm_up = round.warm_up;
  const auto started = base::SteadyClock::now();
  Stage(round, result).play(result);
  result.taken = base::SteadyClock::now() - started;
  return result;
}

}  // namespace soak
