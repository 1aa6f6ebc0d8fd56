// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/environment.h"
#include "base/log/logger.h"
#include "emulator/call/log_lines.h"
#include "emulator/environment/environment.h"
#include "emulator/environment/function.h"
#include "proc/child/family.h"

#include <memory>
#include <mutex>
#include <variant>
#include <vector>

namespace emulator {

/// A place for one execution environment of a function: it is started when a call needs one, and replaced
/// after it ended or, on demand, timed out or failed to answer. Writes the service's START, END and REPORT
/// lines. Any thread may call; on demand invoke() and renew() are for one at a time, of a managed instance
/// invoke() for as many as Function::concurrency says.
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
  Outcome invoke(const Event& event);

  /// The next call gets a new environment. The old one ends, at once or with the last call that it has; for
  /// the former this blocks.
  void renew();

  /// The running calls and every later one end as Cancelled, and so does the environment: politely at first,
  /// at once when called again. Does not block.
  void cancel();

 private:
  std::variant<std::shared_ptr<Environment>, Reply> ready_environment();
  std::shared_ptr<Environment> environment();
  bool forget(const std::shared_ptr<Environment>& environment);
  void give_up(const std::shared_ptr<Environment>& environment, const Reply& why);
  void finish(const std::shared_ptr<Environment>& environment, const Broker::Completed& call);
  void report(const Event& event, const Environment::Call& call, bool is_first);
  void end(const std::shared_ptr<Environment>& environment) const;

  const Options options_;
  proc::Family& family_;
  base::Logger& logger_;
  const ServiceLog service_log_;

  std::mutex mutex_;  // of what follows
  std::shared_ptr<Environment> environment_;
  std::vector<std::weak_ptr<Environment>> retired_;  // by renew(), with calls that still run
  bool cancelled_ = false;
};

}  // namespace emulator
