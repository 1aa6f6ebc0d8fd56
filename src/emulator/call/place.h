// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "emulator/call/event.h"
#include "emulator/call/reply.h"

#include <string>

namespace emulator {

/// Where calls are served, one at a time. serve() is for one thread at a time, cancel() for any.
class Place {
 public:
  struct Served {
    Reply reply;
    std::string log;  ///< the end of what was logged meanwhile, as LogCapture; where it was wanted, at least
  };

  virtual ~Place() = default;
  /// Blocks until the call is answered or has failed.
  virtual Served serve(Event event) = 0;
  /// The running call and every later one end as Cancelled, at once where it is called again. Does not block.
  virtual void cancel() = 0;
};

}  // namespace emulator
