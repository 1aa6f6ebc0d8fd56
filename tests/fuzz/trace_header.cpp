// SPDX-License-Identifier: Apache-2.0
// Lambda-Runtime-Trace-Id, and what a child gets in its place.
#include "api/wire/trace_header.h"

#include "fuzz.h"

using fuzzing::require;

void fuzz(std::string_view input) {
  constexpr std::string_view kOwn = "0123456789abcdef";
  const auto trace = api::TraceHeader::of_sampled(input);
  const auto below = api::TraceHeader::of_sampled(api::with_parent(input, kOwn));
  if (!trace) return;
  const auto letters = trace->root + trace->parent;
  require(letters.find_first_not_of("0123456789abcdefABCDEF-") == std::string::npos,
          "what goes to X-Ray holds nothing that JSON would escape");
  require(trace->root.size() == 35 && trace->parent.size() == 16, "both are complete");
  require(below.has_value(), "what is below a recorded trace is recorded");
  require(below->root == trace->root && below->parent == kOwn, "it is of the same trace, and below us");
}
