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
  std::size_t unfounded = 0;  ///< successes, of events or records, without their run: answered by another run
  std::size_t run_again = 0;  ///< runs of an event or record that had its run already
  std::size_t stray_runs = 0;  ///< runs of nothing, or of what was not delivered, or was answered already
  std::size_t leaks = 0;       ///< POSTs and lines of the log with the canary of the environment
  std::size_t records = 0;     ///< of batches: that were in them
  std::size_t cut = 0;         ///< batches that did not come to their end
  std::size_t overdue = 0;     ///< calls that their deadline ended
  std::size_t faults = 0;      ///< injected on the wire
  std::size_t killed = 0;      ///< children and forks, at random
  std::size_t signaled = 0;    ///< the same with other signals
  std::size_t stopped = 0;     ///< the same with SIGSTOP
  base::SteadyClock::duration longest_silence{};  ///< of a worker who had something to do; see Service

  /// Neither answered nor of unknown fate: lost, once nothing runs any more.
  [[nodiscard]] std::size_t open() const { return issued - answered - unknown; }

  /// Nothing that comes behind it is worth anything.
  [[nodiscard]] bool is_worthless() const { return unfounded + stray_runs + leaks > 0; }
};

}  // namespace soak
