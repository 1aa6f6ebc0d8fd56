// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace proc {

/// Where bytes of a child go, in order, as they come. Called on the thread that runs the child.
class ByteSink {
 public:
  virtual ~ByteSink() = default;

  /// False refuses: the run ends the child and reports Refused. `bytes` is never empty and valid during the
  /// call only.
  virtual bool take(std::string_view bytes) = 0;
};

}  // namespace proc
