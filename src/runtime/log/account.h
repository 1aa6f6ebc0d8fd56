// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/wire/function_error.h"
#include "base/log/json_line.h"
#include "handler/runner/runner.h"
#include "proc/run/run.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace runtime {

/// What an invocation took, for the log and for metrics: facts only, what is not known is left out. Never
/// payload.
struct Account {
  base::LogContext who{};  ///< borrowed
  std::string record{};    ///< of a batch; empty: the whole event
  std::optional<proc::ExitState> end{};
  bool ended_by_itself = false;
  std::chrono::microseconds elapsed{0};
  proc::Usage usage{};  ///< all zero: not known, as of a fork of a warm shell
  std::size_t bytes_in = 0;
  std::size_t bytes_out = 0;  ///< of the answer, as far as it was read
  bool drained = true;        ///< as RunResult::drained
  bool full = false;          ///< as RunResult::full
  bool held = false;          ///< as Settled::held, where it ended by itself
  std::size_t leftovers = 0;  ///< processes left running, and ended
  std::string error_type{};   ///< empty: it succeeded
  std::string sentence{};     ///< of the error

  /// How it went, and why it failed.
  void note(const proc::RunResult& run);
  void note(const handler::Settled& settled);
  void note(const api::FunctionError& error);
};

/// What the operating system knows beside. Looked up for failed invocations and for those who ask only.
struct Surroundings {
  std::size_t own_peak_kib = 0;  ///< the largest that the bootstrap itself has been; 0: not known
  std::optional<std::size_t> tmp_free_kib{};  ///< in /tmp, for this user
};
Surroundings look_around(bool tmp_too);

/// The kernel counts the memory of who starts a process as that process's own up to its exec, so a figure no
/// larger than ours says no more than "at most".
bool peak_is_bound(const Account& account, const Surroundings& surroundings);

}  // namespace runtime
