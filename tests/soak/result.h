// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ledger.h"
#include "share.h"
#include "subject.h"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace soak {

/// What one bootstrap went through, and what it held before and after.
struct Result {
  Share share;
  std::size_t warm_up = 0;  ///< invocations, of those in the ledger
  bool ran_to_the_end = false;
  Ledger ledger;
  Holdings start;  ///< when it was warm
  Holdings end;
  Subject::End last;
  std::chrono::duration<double> taken{};
};

/// All of it, on standard output.
void print(const Result& result);

/// What a slower machine, or program, may do.
struct Allowance {
  double growth = 1;    ///< of memory, in per cent, or else 128 KiB
  double patience = 1;  ///< multiplies how long a worker may be silent
};

/// What is wrong with it, a sentence each.
std::vector<std::string> faults_of(const Result& result, const Allowance& allowance);

}  // namespace soak
