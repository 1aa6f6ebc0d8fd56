// SPDX-License-Identifier: Apache-2.0
#include "api/wire/posted.h"

namespace api {
namespace {

// Beyond a limit that has passed, or is about to.
constexpr std::chrono::seconds kGrace{1};
constexpr std::chrono::minutes kLongestPost{15};

}  // namespace

base::Deadline with_grace(base::Deadline limit) {
  if (limit.is_never()) return base::Deadline::after(kLongestPost);
  return limit.passed() ? base::Deadline::after(kGrace) : limit.earlier_by(-kGrace);
}

}  // namespace api
