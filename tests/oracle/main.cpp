// SPDX-License-Identifier: Apache-2.0
// oracle: N generated function files against plain bash. See scripts/oracle.
#include "comparison.h"
#include "generator.h"
#include "shrink.h"
#include "support/temp_dir.h"

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <mutex>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace {

using oracle::Case;
using oracle::Comparison;

struct Options {
  std::uint64_t count = 0;
  std::uint64_t seed = std::random_device{}();
  std::uint64_t first = 0;
  unsigned jobs = 2;
  std::string file;  ///< this one alone
  std::string event;
};

/// More differences than these tell nobody more.
constexpr std::size_t kEnough = 10;
/// One in so many may be excused: with more of them too little is compared.
constexpr std::size_t kMostExcused = 20;

class Run {
 public:
  explicit Run(const Options& options) : options_(options), generator_(options.seed) {}

  /// True: nothing differs that may not.
  bool all() {
    std::printf("seed %llu\n", static_cast<unsigned long long>(options_.seed));
    std::fflush(stdout);
    std::vector<std::thread> threads;
    for (unsigned job = 0; job < options_.jobs; ++job) threads.emplace_back([this] { work(); });
    for (auto& thread : threads) thread.join();
    return report();
  }

 private:
  // A warm shell lives as long as the thread that started it.
  void work() {
    const support::TempDir folder;
    for (auto number = next_++; number < options_.count && differences_ < kEnough; number = next_++) {
      const auto body = generator_.make(options_.first + number);
      take(body, oracle::compare(body, folder.path()), folder.path());
    }
  }

  void take(const Case& body, const Comparison& comparison, const std::string& folder) {
    if (!comparison.same) return show(body, comparison, folder);
    const std::lock_guard lock(mutex_);
    ++compared_;
    if (comparison.excused_by.empty()) return;
    ++excused_;
    for (const auto* excuse : comparison.excused_by) ++by_reason_[excuse->name];
  }

  void show(const Case& body, const Comparison& comparison, const std::string& folder) {
    ++differences_;
    const auto smallest = oracle::smallest_that_differs(body, folder);
    const auto again = oracle::compare(smallest, folder);
    const auto words = in_words(smallest, again.same ? comparison : again);
    const std::lock_guard lock(mutex_);
    ++compared_;
    std::printf("DIFFERENT: seed %llu, %s\n", static_cast<unsigned long long>(options_.seed), words.c_str());
    std::fflush(stdout);
  }

  bool report() {
    std::printf("seed %llu: %zu compared, %zu excused (%.2f %%)\n",
                static_cast<unsigned long long>(options_.seed), compared_, excused_,
                compared_ == 0 ? 0 : 100.0 * static_cast<double>(excused_) / static_cast<double>(compared_));
    for (const auto& excuse : oracle::excuses())
      std::printf("  %6zu  %s\n", by_reason_[excuse.name], excuse.name);
    std::printf("unexcused differences: %zu\n", differences_.load());
    return differences_ == 0 && excused_ * kMostExcused < compared_;
  }

  Options options_;
  oracle::Generator generator_;
  std::atomic<std::uint64_t> next_ = 0;
  std::atomic<std::size_t> differences_ = 0;
  std::mutex mutex_;
  std::size_t compared_ = 0;
  std::size_t excused_ = 0;
  std::map<std::string, std::size_t> by_reason_;
};

// A file of one's own, for who looks for a cause.
bool run_one(const Options& options) {
  const support::TempDir folder;
  std::ostringstream text;
  text << std::ifstream(options.file).rdbuf();
  const Case body{options.file, text.str(), options.event};
  const auto comparison = oracle::compare(body, folder.path());
  std::printf("%s", in_words(body, comparison).c_str());
  for (const auto* excuse : comparison.excused_by) std::printf("excused: %s\n", excuse->name);
  std::puts(comparison.same ? "the same" : "DIFFERENT");
  return comparison.same;
}

[[noreturn]] void refuse() {
  std::fputs("oracle --count N [--seed S] [--first NUMBER] [--jobs J] | --file FILE [--event TEXT]\n",
             stderr);
  std::exit(2);
}

Options parse(int count, char** arguments) {
  Options options;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string name = arguments[i];
    const char* value = arguments[i + 1];
    if (name == "--count")
      options.count = std::strtoull(value, nullptr, 10);
    else if (name == "--seed")
      options.seed = std::strtoull(value, nullptr, 10);
    else if (name == "--first")
      options.first = std::strtoull(value, nullptr, 10);
    else if (name == "--jobs")
      options.jobs = static_cast<unsigned>(std::strtoul(value, nullptr, 10));
    else if (name == "--file")
      options.file = value;
    else if (name == "--event")
      options.event = value;
    else
      refuse();
  }
  if (count % 2 == 0 || (options.count == 0) == options.file.empty() || options.jobs == 0) refuse();
  return options;
}

}  // namespace

int main(int count, char** arguments) {
  const auto options = parse(count, arguments);
  const bool same = options.file.empty() ? Run(options).all() : run_one(options);
  return same ? 0 : 1;
}
