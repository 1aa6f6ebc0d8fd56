// SPDX-License-Identifier: Apache-2.0
#include "bench/driver/report.h"

#include <cstdio>

namespace bench {
namespace {

std::string times(std::optional<double> value, const char* format) {
  if (!value) return "-";
  char text[32];
  std::snprintf(text, sizeof text, format, *value);
  return text;
}

void print_row(const Row& row, const Results& results) {
  if (!row.failure.empty()) {
    std::printf("  %-16s NOT MEASURED: %.140s\n", row.contestant.c_str(), row.failure.c_str());
    return;
  }
  const auto cold = results.cold_start.find(row.contestant);
  std::printf("  %-16s %6zu %9.3f %9.3f %9s %11s %10s %9.2f %10.2f\n", row.contestant.c_str(), row.samples(),
              row.at(0.5), row.at(0.99), times(row.to_floor, "%.2f").c_str(),
              times(row.of_curl_loop, "%.1f").c_str(),
              cold == results.cold_start.end() ? "-" : times(cold->second, "%.2f").c_str(),
              static_cast<double>(row.peak_memory) / 1e6, row.cpu_per_call);
}

void print_bars(const std::vector<Bar>& bars) {
  for (const auto& bar : bars)
    std::printf("%-4s %s: %s\n", bar.met ? (*bar.met ? "pass" : "FAIL") : "????", bar.what.c_str(),
                bar.found.c_str());
}

}  // namespace

void print(const Results& results) {
  std::printf("%-18s %6s %9s %9s %9s %11s %10s %9s %10s\n", "", "calls", "p50 ms", "p99 ms", "p50/floor",
              "curl/p50", "cold ms", "peak MB", "cpu ms");
  for (const auto& block : results.blocks) {
    std::printf("%s\n", block.load.name.c_str());
    for (const auto& row : block.rows) print_row(row, results);
  }
  std::printf(
      "\np50/floor: below 1 is faster than the floor. curl/p50: how many times faster than the curl loop. "
      "Both are\n"
      "medians of the ratios of single rounds, and what to look at: times are for orientation on this "
      "machine only.\n\n");
  for (const auto& note : results.notes) std::printf("%s\n", note.c_str());
  std::printf("\n");
  print_bars(results.bars);
}

void print(const std::vector<Comparison>& comparisons) {
  std::printf("%-40s %6s %8s %18s %7s\n", "new / old", "rounds", "median", "95 % interval", "width");
  for (const auto& each : comparisons) {
    const auto name = each.load.name + ", " + each.contestant;
    const auto [low, high] = each.interval;
    if (each.failure.empty())
      std::printf("%-40s %6zu %8.3f %9.3f to %.3f %7.3f\n", name.c_str(), each.ratios.size(), each.median,
                  low, high, high - low);
    else
      std::printf("%-40s NOT MEASURED: %.140s\n", name.c_str(), each.failure.c_str());
  }
  std::printf(
      "\nBelow 1 the new one is faster. Medians of the ratios of single rounds; the interval lies between "
      "two of "
      "their\norder statistics, by the binomial distribution.\n\n");
  print_bars(judge(comparisons));
}

}  // namespace bench
