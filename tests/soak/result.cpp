// SPDX-License-Identifier: Apache-2.0
#include "result.h"

#include <cstdio>

namespace soak {
namespace {

std::string text_of(const std::optional<std::size_t>& number) {
  return number ? std::to_string(*number) : "not readable by this user";
}

double growth_of(const Result& result) {
  const auto start = static_cast<double>(result.start.resident_kib);
  return 100.0 * (static_cast<double>(result.end.resident_kib) / start - 1);
}

// The C library keeps up to 128 KiB of freed heap for later (M_TRIM_THRESHOLD), and how much of that was ever
// touched is chance. What leaks in each call is seen all the same: the smallest block that there is, 32
// bytes, comes to that in 4,096 calls.
constexpr std::size_t kKeptHeapKib = 128;

bool has_grown(const Result& result, double allowed_percent) {
  return result.end.resident_kib > result.start.resident_kib + kKeptHeapKib &&
         growth_of(result) >= allowed_percent;
}

// What is left of a batch's shells is seen to when one of them is needed: then there are fewer until then.
bool has_other_processes(const Result& result) {
  const auto before = result.start.processes;
  const auto after = result.end.processes;
  return result.share.is_batch() ? after > before : after != before;
}

void print_runs(const Share& share, const Ledger& ledger) {
  std::printf("  answered by another run %zu\n", ledger.unfounded);
  std::printf("  run again, run of nothing  %zu, %zu\n", ledger.run_again, ledger.stray_runs);
  std::printf("  variables seen          %zu\n", ledger.leaks);
  if (share.is_batch()) std::printf("  records, batches cut    %zu, %zu\n", ledger.records, ledger.cut);
  std::printf("  ended by the deadline   %zu\n", ledger.overdue);
  std::printf(
      "  longest silence         %.2f s, of a worker with something to do, beyond its call's deadline\n",
      std::chrono::duration<double>(ledger.longest_silence).count());
  std::printf("  faults on the wire      %zu\n", ledger.faults);
  std::printf("  killed, signaled, stopped  %zu, %zu, %zu\n", ledger.killed, ledger.signaled, ledger.stopped);
}

void print_holdings(const Result& result) {
  const auto& start = result.start;
  const auto& end = result.end;
  std::printf("  descriptors             %s -> %s\n", text_of(start.descriptors).c_str(),
              text_of(end.descriptors).c_str());
  std::printf("  memory                  %zu -> %zu KiB (%+.2f %%), of it heap and stacks %zu -> %zu\n",
              start.resident_kib, end.resident_kib, growth_of(result), start.anonymous_kib,
              end.anonymous_kib);
  std::printf("  processes below it      %zu -> %zu\n", start.processes, end.processes);
  std::printf("  processes left          %zu, exit status %s\n", result.last.left, result.last.state.c_str());
}

}  // namespace

void print(const Result& result) {
  const auto& ledger = result.ledger;
  std::printf("%s, in %.0f s\n", result.share.name, result.taken.count());
  std::printf("  invocations issued      %zu (%zu of them to warm up)\n", ledger.issued, result.warm_up);
  std::printf("  answered exactly once   %zu (%zu of them sent again after a lost POST)\n", ledger.answered,
              ledger.sent_again);
  std::printf("  of unknown fate         %zu (their POST was reset on purpose)\n", ledger.unknown);
  std::printf("  lost                    %zu\n", ledger.open());
  std::printf("  doubled                 %zu\n", ledger.doubled);
  std::printf("  wrong                   %zu\n", ledger.wrong);
  print_runs(result.share, ledger);
  print_holdings(result);
  std::fflush(stdout);
}

std::vector<std::string> faults_of(const Result& result, const Allowance& allowance) {
  const auto& [share, warm_up, ran, ledger, start, end, last, taken] = result;
  std::vector<std::string> faults;
  const auto expect = [&](bool holds, const char* fault) {
    if (!holds) faults.emplace_back(fault);
  };
  expect(ledger.unfounded == 0, "an event was answered by another run than its own");
  expect(ledger.stray_runs == 0, "a run had no event");
  expect(ledger.leaks == 0, "variables of the environment were seen in an answer or a line of the log");
  expect(ledger.run_again == 0, "an event was run twice");
  expect(ledger.doubled == 0, "an invocation was answered twice");
  expect(ledger.wrong == 0, "an answer was wrong");
  expect(ledger.longest_silence < share.longest_silence() * allowance.patience,
         "a worker was silent for too long");
  if (ledger.is_worthless()) return faults;  // it was not run to its end
  expect(ran, "the bootstrap ended, or nothing happened for half a minute");
  expect(ledger.open() == 0, "an invocation was lost");
  expect(start.descriptors == end.descriptors, "descriptors are left, or gone");
  if (share.is_plain()) expect(!has_grown(result, allowance.growth), "memory has grown");
  expect(!has_other_processes(result), "processes are left, or gone");
  expect(last.left == 0, "processes outlive it");
  expect(last.is_clean, "it did not end well");
  return faults;
}

}  // namespace soak
