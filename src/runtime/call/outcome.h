// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/wire/function_error.h"
#include "proc/run/run.h"

#include <bitset>
#include <chrono>
#include <cstddef>
#include <string>
#include <variant>
#include <vector>

namespace runtime {

/// The collected answer is the response.
struct Succeeded {};

using Outcome = std::variant<Succeeded, api::FunctionError>;

/// What is known of an invocation beside how its process ended.
struct Facts {
  std::bitset<256> success{1};            ///< exit statuses that succeed
  bool every_end = false;                 ///< every end of its own does, by a signal, too
  std::string handler;                    ///< its name, as in messages
  std::chrono::milliseconds allotted{0};  ///< the timeout, for messages
  std::size_t answer_size = 0;            ///< bytes that it wrote as its answer
  std::size_t answer_limit = 0;
  std::string answer;  ///< the answer of a failed call, where small enough to be an error object
  std::vector<std::string> last_lines;  ///< of what it said; empty where they must not be shown
  bool lines_of_stdout = false;         ///< they are of standard output, because standard error is empty
};

/// Whether the process ended by itself with a status that succeeds.
bool succeeded(const proc::RunResult& run, const std::bitset<256>& success);

/// From how a process ended to what is reported: one row per ending, facts and never guesses. Pure.
Outcome judge(const proc::RunResult& run, const Facts& facts);

/// The error of an invocation whose deadline had passed before its handler could start.
api::FunctionError too_late_to_start(const std::string& handler);

}  // namespace runtime
