// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bench/driver/contestant.h"
#include "bench/driver/results.h"

#include <string>
#include <vector>

namespace bench {

/// What is measured, and with what.
struct Plan {
  std::string bootstrap;
  std::string floor;
  std::string curl_loop;
  Place place;
  bool quick = false;   ///< an eighth of the time, and too little to judge by
  std::string load;     ///< only loads with this in their name; empty: all
  std::string row;      ///< only this contestant, and what it is compared with; empty: all
  std::string against;  ///< an older bootstrap, to compare this one with; empty: none
};

/// All of them, whatever the plan asks for. What each of them is: docs/performance.md.
std::vector<Contestant> contestants(const Plan& plan);

/// Those with the plan's text in their name, in the order of the table.
std::vector<Load> loads(const Plan& plan);

/// On stderr: what is under way.
void say(const std::string& what);

}  // namespace bench
