// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"

#include <string>

namespace api {

/// What became of a POST. Whatever it says, the way on is GET next: no POST is repeated by itself.
struct Posted {
  /// HTTP status; 0: the connection broke, and only the next event may tell whether it arrived.
  int status = 0;
  std::string
      reason;  ///< for the log where status is not 202: errorType and message of the refusal, or what broke
  [[nodiscard]] bool accepted() const { return status >= 200 && status < 300; }
};

/// Until when a POST may take that is due at `limit`: a second longer, because an answer that is late may
/// still be taken; 15 minutes where nothing limits it.
base::Deadline with_grace(base::Deadline limit);

}  // namespace api
