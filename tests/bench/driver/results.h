// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bench {

/// Sizes of events and what lies between them: one block of the table.
struct Load {
  std::string name;  ///< "20 B, back to back"
  std::size_t event_size;
  std::chrono::milliseconds gap;
  std::chrono::milliseconds budget;  ///< time for each contestant
};

/// One contestant under one load. All times in milliseconds; medians and percentiles, so figures of separate
/// runs are no more comparable than the state of the machine was: the ratios are what counts.
struct Row {
  std::string contestant;
  std::string failure;                      ///< empty: measured
  std::vector<std::vector<double>> rounds;  ///< the time of each call
  std::size_t calls = 0;                    ///< with those to warm up
  double cpu_per_call = 0;                  ///< of it and its children
  std::size_t peak_memory = 0;              ///< bytes, of the process itself
  std::optional<double> to_floor;           ///< median over rounds: its p50 / that of the floor
  std::optional<double> of_curl_loop;       ///< median over rounds: p50 of the curl loop / its own

  [[nodiscard]] double at(double share) const;  ///< a percentile over all rounds
  [[nodiscard]] std::size_t samples() const;
};

struct Block {
  Load load;
  std::vector<Row> rows;

  [[nodiscard]] const Row* row(const std::string& contestant) const;
};

/// One line at the end: what was promised, what was found.
struct Bar {
  std::string what;
  std::string found;
  std::optional<bool> met;  ///< empty: not measured
};

struct Results {
  std::vector<Block> blocks;
  std::map<std::string, double> cold_start;  ///< by contestant, milliseconds
  std::vector<std::string> notes;            ///< what was measured beside the table, and what could not be
  std::vector<Bar> bars;

  [[nodiscard]] const Row* row(std::size_t event_size, bool with_gap, const std::string& contestant) const;
};

/// Fills in what compares rows. Rounds of the block's rows belong together by their number.
void compare(Block& block);

}  // namespace bench
