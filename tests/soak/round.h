// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "result.h"
#include "share.h"

#include <cstddef>
#include <string>

namespace soak {

/// One share of a soak: a bootstrap of its own from its start to its end.
struct Round {
  const Share& share;
  std::size_t count = 0;
  std::size_t warm_up = 0;  ///< beside `count`
  std::size_t workers = 1;
  unsigned long seed = 0;
  double rate = 1;
  std::string bootstrap;
  std::string task_root;
  std::string log;  ///< file for everything that it says, appended to; empty: forgotten at the end
};

/// Says on stderr every two seconds how far it is, and what is wrong as soon as that is known.
Result soak_one(const Round& round);

}  // namespace soak
