// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "emulator/call/place.h"
#include "emulator/environment/log_capture.h"
#include "emulator/environment/sandbox.h"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace emulator {

/// A sandbox with a log of its own, which notices when the function's files have changed: the next call then
/// gets a new environment. Of a managed instance serve() is for as many threads as its calls are; see
/// slots_of().
class SandboxPlace : public Place {
 public:
  /// Options::log_fd is of no meaning here. `family` and `logger` are borrowed.
  SandboxPlace(Sandbox::Options options, base::Pipe log, proc::Family& family, base::Logger& logger);

  Served serve(Event event) override;
  void cancel() override { sandbox_.cancel(); }

 private:
  void follow_changes();

  Served serve_beside_others(const Event& event);

  const Function function_;
  base::Logger& logger_;
  LogCapture log_;
  base::Logger lines_;  // START, END and REPORT stand in the log, too
  Sandbox sandbox_;
  std::mutex mutex_;  // of sources_
  std::string sources_;
};

/// The places of a managed instance: each serves one call at a time, all of them in the environment of
/// `whole`.
std::vector<std::unique_ptr<Place>> slots_of(std::unique_ptr<SandboxPlace> whole, int count);

}  // namespace emulator
