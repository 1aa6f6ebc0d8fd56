// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ledger.h"
#include "subject.h"

#include <cstddef>
#include <string>
#include <vector>

namespace soak {

/// What one bootstrap went through, and what it held before and after.
struct Result {
  std::string handler;
  std::size_t warm_up = 0;  ///< invocations, of those in the ledger
  bool ran_to_the_end = false;
  Ledger ledger;
  Holdings start;  ///< when it was warm
  Holdings end;
  Subject::End last;
};

/// All of it, on standard output.
void print(const Result& result);

/// What is wrong with it, a sentence each; `growth`: of memory, in per cent, is allowed.
std::vector<std::string> faults_of(const Result& result, double growth);

}  // namespace soak
