// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/connection/endpoint.h"
#include "base/deadline.h"
#include "base/log/logger.h"
#include "runtime/life/hooks.h"

#include <future>

namespace runtime {

/// SHELLSTRAP_EXTENSION: has the service send SIGTERM. Where that cannot be had the log says so, and no more:
/// a function that cannot say goodbye can still answer. Starts a thread that asks for the extension's events
/// until the process ends; `stop_fd`: whether it is ending.
void ask_for_shutdown_signal(const api::Endpoint& endpoint, base::Logger& logger, int stop_fd);

/// SHELLSTRAP_SHUTDOWN, when the workers have stopped. The time that the service grants counts from the
/// signal, and some of it may have gone into ending what was running: a thread notes when the signal came.
class Shutdown {
 public:
  /// How long after the signal it may run: the process has 300 ms, with an extension of our own 500.
  static constexpr std::chrono::milliseconds kShortTime{270};
  static constexpr std::chrono::milliseconds kExtensionTime{470};

  /// Everything is borrowed. Without a hook no thread is started. `time`: one of the above.
  Shutdown(const std::optional<Hook>& hook, std::chrono::milliseconds time, int stop_fd);

  /// Once the signal has come. Blocks until the hook has ended, or was ended when the time was up. Its
  /// failure is a line of the log.
  void run(const HookSurroundings& surroundings);

 private:
  const std::optional<Hook>& hook_;
  std::chrono::milliseconds time_;
  std::future<base::SteadyClock::time_point> signaled_;
};

}  // namespace runtime
