// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>

namespace soak {

/// A part of all invocations: one bootstrap, with one handler and one kind of trouble beside what all have.
struct Share {
  const char* name;
  const char* handler;
  double per_mille;         ///< of all invocations
  std::size_t fewest;       ///< however few those are
  double disturbed = 5;     ///< per mille of its events that come with a Disturbance
  bool stops = false;       ///< signals of all kinds and stops, not only SIGKILL, and a second for each call
  std::size_t lanes = 0;    ///< its events are batches of records, so many of them at a time
  bool is_starved = false;  ///< hardly any processor, and deadlines that are over before much has happened

  [[nodiscard]] bool is_batch() const { return lanes > 0; }
  [[nodiscard]] bool is_function() const { return std::string_view(handler).ends_with(".handler"); }

  /// Long enough for what grows to be seen, and without what leaves a shell to be replaced later on.
  [[nodiscard]] bool is_plain() const { return !stops && !is_starved && !is_batch(); }

  /// Longer than that nobody may be silent who has something to do; without the processor it takes its time.
  [[nodiscard]] std::chrono::duration<double> longest_silence() const {
    return std::chrono::duration<double>(is_starved ? 2 : 0.5);
  }
};

inline constexpr Share kShares[] = {
    {.name = "program", .handler = "program", .per_mille = 560, .fewest = 200},
    {.name = "function", .handler = "function.handler", .per_mille = 300, .fewest = 100},
    {.name = "script", .handler = "script.sh", .per_mille = 100, .fewest = 40},
    {.name = "signals-program",
     .handler = "program",
     .per_mille = 10,
     .fewest = 40,
     .disturbed = 60,
     .stops = true},
    {.name = "signals-function",
     .handler = "function.handler",
     .per_mille = 20,
     .fewest = 80,
     .disturbed = 100,
     .stops = true},
    {.name = "starved-program", .handler = "program", .per_mille = 3, .fewest = 20, .is_starved = true},
    {.name = "starved-function",
     .handler = "function.handler",
     .per_mille = 3,
     .fewest = 80,
     .is_starved = true},
    {.name = "batch-program-1-lane",
     .handler = "program",
     .per_mille = 0.6,
     .fewest = 10,
     .disturbed = 0,
     .lanes = 1},
    {.name = "batch-program-4-lanes",
     .handler = "program",
     .per_mille = 0.6,
     .fewest = 10,
     .disturbed = 0,
     .lanes = 4},
    {.name = "batch-program-16-lanes",
     .handler = "program",
     .per_mille = 0.6,
     .fewest = 10,
     .disturbed = 0,
     .lanes = 16},
    {.name = "batch-function-1-lane",
     .handler = "function.handler",
     .per_mille = 0.6,
     .fewest = 40,
     .disturbed = 0,
     .lanes = 1},
    {.name = "batch-function-4-lanes",
     .handler = "function.handler",
     .per_mille = 0.8,
     .fewest = 120,
     .disturbed = 0,
     .lanes = 4},
    {.name = "batch-function-16-lanes",
     .handler = "function.handler",
     .per_mille = 0.8,
     .fewest = 60,
     .disturbed = 0,
     .lanes = 16},
};

}  // namespace soak
