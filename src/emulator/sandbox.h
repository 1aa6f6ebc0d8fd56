// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/environment.h"
#include "base/logger.h"
#include "emulator/environment.h"
#include "emulator/function.h"
#include "emulator/log_lines.h"
#include "proc/family.h"

#include <memory>
#include <mutex>
#include <optional>

namespace emulator {

/// A place for one execution environment of a function, which serves one call at a time: it is started when a
/// call needs one, and replaced after it ended, timed out or failed to answer. Writes the service's START,
/// END and REPORT lines. invoke() is for one thread at a time, cancel() for any.
class Sandbox {
 public:
  struct Options {
    Function function;
    base::Environment own;              ///< of the emulator itself: see service_environment()
    int log_fd;                         ///< of the runtime; borrowed
    base::Logger* api_trace = nullptr;  ///< where set, the conversation is told there; borrowed
    bool freeze = false;                ///< see Environment::freeze
  };
  /// `family` and `logger` are borrowed.
  Sandbox(Options options, proc::Family& family, base::Logger& logger);
  /// Ends the environment, as cancel() does, and waits for that.
  ~Sandbox() = default;

  struct Outcome {
    Reply reply;
    bool init_failed = false;  ///< the call never reached a runtime
  };
  /// Blocks until the call is answered or has failed: at most init limit and timeout and what ending takes.
  Outcome invoke(Event event);

  /// Ends the environment between two calls, so that the next one gets a new one. As invoke(), for one thread
  /// at a time; blocks until it has ended.
  void renew();

  /// The running call and every later one end as Cancelled, and so does the environment: politely at first,
  /// at once when called again. Does not block.
  void cancel();

 private:
  std::optional<Reply> ensure_ready();
  std::shared_ptr<Environment> environment();
  void give_up(Environment& environment, const Reply& why);
  void finish(Environment& environment, const Broker::Completed& call);
  void report(const Event& event, const Environment::Call& call);

  const Options options_;
  proc::Family& family_;
  base::Logger& logger_;

  std::mutex mutex_;  // of environment_ and cancelled_
  std::shared_ptr<Environment> environment_;
  bool cancelled_ = false;
  bool fresh_ = false;  // no call has been served yet: REPORT shows the init
};

}  // namespace emulator
