// SPDX-License-Identifier: Apache-2.0
#include "bench/driver/results.h"

#include "bench/driver/names.h"
#include "bench/driver/statistics.h"

#include <algorithm>

namespace bench {
namespace {

// The rounds stand close together in time, so what disturbs the machine disturbs both of a pair.
std::optional<double> median_ratio(const Row& above, const Row& below) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < std::min(above.rounds.size(), below.rounds.size()); ++i) {
    if (above.rounds[i].empty() || below.rounds[i].empty()) continue;
    ratios.push_back(median(above.rounds[i]) / median(below.rounds[i]));
  }
  if (ratios.empty() || !above.failure.empty() || !below.failure.empty()) return std::nullopt;
  return median(ratios);
}

}  // namespace

double Row::at(double share) const {
  std::vector<double> all;
  for (const auto& round : rounds) all.insert(all.end(), round.begin(), round.end());
  return percentile(std::move(all), share);
}

std::size_t Row::samples() const {
  std::size_t sum = 0;
  for (const auto& round : rounds) sum += round.size();
  return sum;
}

const Row* Block::row(const std::string& contestant) const {
  const auto found = std::ranges::find(rows, contestant, &Row::contestant);
  return found == rows.end() ? nullptr : &*found;
}

const Row* Results::row(std::size_t event_size, bool with_gap, const std::string& contestant) const {
  for (const auto& block : blocks) {
    if (block.load.event_size == event_size && (block.load.gap.count() > 0) == with_gap)
      return block.row(contestant);
  }
  return nullptr;
}

void compare(Block& block) {
  const Row* const floor = block.row(kFloor);
  const Row* const curl_loop = block.row(kCurlLoop);
  for (Row& row : block.rows) {
    if (floor != nullptr) row.to_floor = median_ratio(row, *floor);
    if (curl_loop != nullptr) row.of_curl_loop = median_ratio(*curl_loop, row);
  }
}

}  // namespace bench
