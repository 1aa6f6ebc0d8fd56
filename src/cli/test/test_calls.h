// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/unique_fd.h"
#include "base/log/logger.h"
#include "cli/cases/test_comparison.h"
#include "emulator/environment/log_capture.h"
#include "emulator/environment/sandbox.h"
#include "proc/child/family.h"

#include <atomic>
#include <string>

namespace cli {

/// Calls of one function, one at a time, in one environment; after a call that ended it in a fresh one. Its
/// log goes nowhere but into the answers. call() is for one thread, cancel() for any.
class TestCalls {
 public:
  /// `log` becomes the runtime's, `api_trace` may be null; `family` and `api_trace` are borrowed.
  TestCalls(emulator::Function function, base::Environment own, base::Pipe log, base::Logger* api_trace,
            proc::Family& family);

  struct Call {
    TestAnswer answer;
    bool init_failed = false;  ///< nothing can be served: answer says why
    bool cancelled = false;
  };
  /// Blocks as Sandbox::invoke. A streamed answer is collected, 6 MiB of it.
  Call call(const std::string& payload);

  /// As Sandbox::cancel. What a runtime answers that is being ended is no answer.
  void cancel() {
    cancelled_ = true;
    sandbox_.cancel();
  }

 private:
  const emulator::Function function_;
  const base::UniqueFd nowhere_;
  base::Logger quiet_;
  emulator::LogCapture log_;
  emulator::Sandbox sandbox_;
  std::atomic<bool> cancelled_ = false;
};

}  // namespace cli
