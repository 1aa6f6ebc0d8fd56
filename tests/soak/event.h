// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"
#include "plan.h"

#include <cstddef>
#include <string>
#include <vector>

namespace soak {

/// One invocation under way.
struct Event {
  std::size_t number = 0;
  Plan plan;
  std::string body;
  long long deadline = 0;                     ///< Unix time in milliseconds
  base::SteadyClock::time_point deadline_at;  ///< the same
  std::string first_answer;                   ///< what a POST held that was lost after it was read
  bool is_again = false;

  [[nodiscard]] bool is_batch() const { return !plan.records.empty(); }
};

/// Its text: "e 17 ppp", or records of which each has such a text, "e 17-3 ppp".
Event make_event(std::size_t number, Plan plan);

/// What its runs call it: "17", or "17-0", "17-1"… of the records.
std::vector<std::string> ids_of(const Event& event);

}  // namespace soak
