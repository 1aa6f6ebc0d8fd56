// SPDX-License-Identifier: Apache-2.0
#include "result.h"

#include <chrono>
#include <cstdio>

namespace soak {
namespace {

/// The bootstrap's limits for what hangs are 5 seconds; nothing here should need one, and no machine is that
/// slow.
constexpr auto kHang = std::chrono::milliseconds(4500);

std::string text_of(const std::optional<std::size_t>& number) {
  return number ? std::to_string(*number) : "not readable by this user";
}

double growth_of(const Result& result) {
  const auto start = static_cast<double>(result.start.resident_kib);
  return 100.0 * (static_cast<double>(result.end.resident_kib) / start - 1);
}

}  // namespace

void print(const Result& result) {
  const auto& [handler, warm_up, ran, ledger, start, end, last] = result;
  std::printf("%s\n", handler.c_str());
  std::printf("  invocations issued      %zu (%zu of them to warm up)\n", ledger.issued, warm_up);
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
              start.resident_kib, end.resident_kib, growth_of(result), start.anonymous_kib,
              end.anonymous_kib);
  std::printf("  processes below it      %zu -> %zu\n", start.processes, end.processes);
  std::printf("  processes left          %zu, exit status %s\n", last.left, last.state.c_str());
  std::fflush(stdout);
}

std::vector<std::string> faults_of(const Result& result, double growth) {
  const auto& [handler, warm_up, ran, ledger, start, end, last] = result;
  std::vector<std::string> faults;
  const auto expect = [&](bool holds, const char* fault) {
    if (!holds) faults.emplace_back(fault);
  };
  expect(ran, "the bootstrap ended, or nothing happened for half a minute");
  expect(ledger.open() == 0, "an invocation was lost");
  expect(ledger.doubled == 0, "an invocation was answered twice");
  expect(ledger.wrong == 0, "an answer was wrong");
  expect(ledger.longest_silence < kHang, "a worker was silent for too long");
  expect(start.descriptors == end.descriptors, "descriptors are left, or gone");
  expect(growth_of(result) < growth, "memory has grown");
  expect(start.processes == end.processes, "processes are left, or gone");
  expect(last.left == 0, "processes outlive it");
  expect(last.is_clean, "it did not end well");
  return faults;
}

}  // namespace soak
