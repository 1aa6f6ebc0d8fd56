// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "emulator/log_capture.h"
#include "emulator/place.h"
#include "emulator/sandbox.h"

#include <string>

namespace emulator {

/// A sandbox with a log of its own, which notices when the function's files have changed: the next call then
/// gets a new environment.
class SandboxPlace : public Place {
 public:
  /// Options::log_fd is of no meaning here. `family` and `logger` are borrowed.
  SandboxPlace(Sandbox::Options options, base::Pipe log, proc::Family& family, base::Logger& logger);

  Served serve(Event event) override;
  void cancel() override { sandbox_.cancel(); }

 private:
  void follow_changes();

  const Function function_;
  base::Logger& logger_;
  LogCapture log_;
  base::Logger lines_;  // START, END and REPORT stand in the log, too
  Sandbox sandbox_;
  std::string sources_;
};

}  // namespace emulator
