// SPDX-License-Identifier: Apache-2.0
#include "api/wire/invocation.h"

#include "api/wire/wire.h"
#include "base/text/text.h"

#include <algorithm>

namespace api {

std::size_t largest_response() {
  return wire::kLargestResponse;
}

bool Invocation::is_sampled() const {
  const auto fields = base::split(trace_id, ';');
  return std::any_of(fields.begin(), fields.end(), [](std::string_view field) {
    return base::equal_ignoring_case(base::trim(field), "Sampled=1");
  });
}

}  // namespace api
