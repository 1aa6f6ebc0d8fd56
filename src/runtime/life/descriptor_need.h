// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proc/run/pipe_size.h"
#include "runtime/life/prepare.h"

#include <algorithm>
#include <cstddef>

namespace runtime {

/// How many descriptors the bootstrap has open at most. Counted from what owns them, and held against
/// /proc/PID/fd by DescriptorNeedTest.
struct DescriptorNeed {
  std::size_t base;      ///< however many run
  std::size_t per_lane;  ///< of each run that may be under way at a time
  std::size_t lanes;     ///< workers, each with its parallel records
  std::size_t least;     ///< a child needs that many, because of the numbers that its own are to have

  [[nodiscard]] std::size_t total() const { return std::max(base + per_lane * lanes, least); }
  /// Lanes that `limit` descriptors are enough for; may be 0.
  [[nodiscard]] std::size_t lanes_within(std::size_t limit) const {
    return limit < std::max(base, least) ? 0 : (limit - base) / per_lane;
  }
};

DescriptorNeed descriptor_need(const Prepared& prepared);

/// The pipes among them.
proc::PipeNeed pipe_need(const Prepared& prepared);

}  // namespace runtime
