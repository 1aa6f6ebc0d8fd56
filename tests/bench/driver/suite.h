// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bench/driver/contestant.h"
#include "bench/driver/results.h"

#include <string>

namespace bench {

/// What is measured, and with what.
struct Plan {
  std::string bootstrap;
  std::string floor;
  std::string curl_loop;
  Place place;
  bool quick = false;  ///< an eighth of the time, and too little to judge by
  std::string load;    ///< only loads with this in their name; empty: all
  std::string row;     ///< only this contestant, and the floor; empty: all
};

/// Runs all of it and says on stderr what is under way. A part of the table, where the plan asks for one,
/// comes without cold starts, notes and bars.
Results run(const Plan& plan);

}  // namespace bench
