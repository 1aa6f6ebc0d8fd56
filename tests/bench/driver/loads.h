// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace bench {

// Sizes of events in bytes. The medium one is below what the kernel takes as one argument (128 KiB), or the
// curl loop could not take part; the large one is the service's limit.
inline constexpr std::size_t kSmallEvent = 20;
inline constexpr std::size_t kMediumEvent = 100 * 1024;
inline constexpr std::size_t kLargeEvent = std::size_t{6} << 20;

}  // namespace bench
