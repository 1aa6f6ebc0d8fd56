// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bench/driver/contestant.h"
#include "bench/driver/results.h"

#include <map>
#include <string>
#include <vector>

namespace bench {

/// An event of that many bytes, one line of JSON.
std::string event_of(std::size_t size);

/// All contestants under one load: each is started, warmed up, and has its turn in every round; every other
/// round in reverse order. How many calls a turn has follows from the budget and the contestant's own speed.
/// One that fails has the reason in its row and leaves the others alone.
Block measure(const std::vector<Contestant>& contestants, const Load& load, std::size_t rounds,
              const Place& place);

/// The times of so many calls to one contestant, in milliseconds: started anew, warmed up, and ended. What
/// goes wrong is thrown as Failed.
std::vector<double> times_of_one_life(const Contestant& contestant, const Load& load, std::size_t calls,
                                      const Place& place);

/// Median of several starts, contestants taking turns: from before the exec to the end of the first poll
/// (of the last first poll where there are several). Contestants that fail are absent.
std::map<std::string, double> measure_cold_starts(std::vector<Contestant> contestants, std::size_t starts,
                                                  const Place& place);

}  // namespace bench
