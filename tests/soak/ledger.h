// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"

#include <cstddef>

namespace soak {

/// What became of all invocations.
struct Ledger {
  std::size_t issued = 0;
  std::size_t answered = 0;    ///< one POST got a status
  std::size_t unknown = 0;     ///< the POST was made to end without a status, and the event never came again
  std::size_t doubled = 0;     ///< POSTs for what was answered already, or must not be sent again
  std::size_t sent_again = 0;  ///< of the answered: after a lost POST and the same event once more
  std::size_t wrong = 0;       ///< answers that are not what the handler did
  std::size_t faults = 0;      ///< injected on the wire
  std::size_t killed = 0;      ///< children killed at random
  base::SteadyClock::duration longest_silence{};  ///< of a worker who had an event, or has just answered one

  /// Neither answered nor of unknown fate: lost, once nothing runs any more.
  [[nodiscard]] std::size_t open() const { return issued - answered - unknown; }
};

}  // namespace soak
