// SPDX-License-Identifier: Apache-2.0
// concurrency: many invocations at a time in one bootstrap. Without --bench each answer must be its own
// (scripts/soak-workers); with it the figures of scripts/bench-concurrency.
#include "emulated_service.h"
#include "scripted_service.h"
#include "subject.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

using concurrency::EmulatedService;
using concurrency::ScriptedService;
using concurrency::Subject;
using concurrency::Tally;

struct Options {
  std::size_t count = 0;
  bool bench = false;
  std::string bootstrap;
  std::string cli;
  std::string task_root;
};

constexpr std::size_t kWorkers[] = {1, 2, 16, 64};
constexpr const char* kHandlers[] = {"program", "function.handler"};

Tally with_script(const Options& options, const char* handler, std::size_t workers, std::size_t count,
                  const std::string& what) {
  ScriptedService service(what);
  const Subject subject({options.bootstrap, options.task_root, handler, service.address(), workers});
  if (!service.wait_until_parked(workers)) return {0, count, 1, "the workers do not poll"};
  return service.run(count);
}

Tally with_emulator(const Options& options, const char* handler, std::size_t workers, std::size_t count) {
  return EmulatedService({options.cli, options.bootstrap, options.task_root, handler, workers})
      .run(count, "prints");
}

bool is_good(const char* against, const char* handler, std::size_t workers, const Tally& tally) {
  std::printf("%-8s %-16s %2zu workers: %zu answered, %zu wrong, %.0f a second\n", against, handler, workers,
              tally.answered, tally.wrong, tally.per_second());
  if (tally.wrong > 0) std::printf("the first wrong one: %s\n", tally.first_wrong.c_str());
  std::fflush(stdout);
  return tally.wrong == 0;
}

int look_for_mix_ups(const Options& options) {
  const auto each = options.count / (std::size(kWorkers) * std::size(kHandlers) * 2);
  bool good = each > 0;
  for (const auto* handler : kHandlers)
    for (const auto workers : kWorkers) {
      good &= is_good("script", handler, workers, with_script(options, handler, workers, each, "prints"));
      good &= is_good("emulator", handler, workers, with_emulator(options, handler, workers, each));
    }
  std::puts(good ? "concurrency: every answer was its own" : "concurrency: FAILED");
  return good ? 0 : 1;
}

void print_ratio(const Options& options, const char* what, std::size_t one_at_a_time, std::size_t sixteen,
                 double bar) {
  const auto one = with_script(options, "program", 1, one_at_a_time, what);
  const auto many = with_script(options, "program", 16, sixteen, what);
  std::printf(
      "a program that %s for 20 ms: %.1f calls a second with 1 worker, %.1f with 16: %.1f x (bar: %.1f x)\n",
      what, one.per_second(), many.per_second(), many.per_second() / one.per_second(), bar);
  std::fflush(stdout);
}

std::size_t memory_of(const Options& options, const char* handler, std::size_t workers) {
  ScriptedService service("prints");
  const Subject subject({options.bootstrap, options.task_root, handler, service.address(), workers});
  service.wait_until_parked(workers);
  service.run(4 * workers);
  service.wait_until_parked(workers);
  return subject.memory_kib();
}

void print_memory(const Options& options, const char* handler) {
  const auto one = memory_of(options, handler, 1);
  const auto many = memory_of(options, handler, 64);
  std::printf("%s: %zu KiB with 1 idle worker, %zu KiB with 64: %zu KiB for each further one\n", handler, one,
              many, (many - one) / 63);
  std::fflush(stdout);
}

int measure(const Options& options) {
  print_ratio(options, "waits", 150, 1600, 10);
  print_ratio(options, "computes", 150, 300, 1.6);
  for (const auto* handler : kHandlers) print_memory(options, handler);
  return 0;
}

[[noreturn]] void refuse() {
  std::fprintf(stderr, "concurrency (--count N | --bench 1) --bootstrap FILE --cli FILE --task-root DIR\n");
  std::exit(2);
}

Options parse(int count, char** arguments) {
  Options options;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string name = arguments[i];
    const char* value = arguments[i + 1];
    if (name == "--count")
      options.count = std::strtoul(value, nullptr, 10);
    else if (name == "--bench")
      options.bench = true;
    else if (name == "--bootstrap")
      options.bootstrap = value;
    else if (name == "--cli")
      options.cli = value;
    else if (name == "--task-root")
      options.task_root = value;
    else
      refuse();
  }
  if (count % 2 == 0 || options.bootstrap.empty() || (options.count == 0) == !options.bench) refuse();
  return options;
}

}  // namespace

int main(int count, char** arguments) {
  const auto options = parse(count, arguments);
  return options.bench ? measure(options) : look_for_mix_ups(options);
}
