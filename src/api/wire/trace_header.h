// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace api {

/// The place of an invocation in a trace of X-Ray, from "Root=1-…;Parent=…;Sampled=1".
struct TraceHeader {
  std::string root;    ///< "1-", 8 and 24 hexadecimal digits: the trace
  std::string parent;  ///< 16 hexadecimal digits: what the invocation is a part of

  /// nullopt: the trace is not recorded, or the header has no such root and parent. Fields may come in any
  /// order; the first of a name counts, and others mean nothing here. Pure.
  static std::optional<TraceHeader> of_sampled(std::string_view header);
};

/// The same header for what runs below `parent`; everything else in it stays as it is. Pure.
std::string with_parent(std::string_view header, std::string_view parent);

}  // namespace api
