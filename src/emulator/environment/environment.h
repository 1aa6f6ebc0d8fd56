// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"
#include "base/environment.h"
#include "base/io/unique_fd.h"
#include "base/log/logger.h"
#include "emulator/broker/broker.h"
#include "emulator/environment/function.h"
#include "emulator/http/http_server.h"
#include "proc/child/family.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace emulator {

/// One execution environment: a runtime (our bootstrap or another one) in a process of its own, started as
/// the service would, and the Runtime API that it polls, on a port of its own. It is never restarted: after
/// its end a new one takes its place.
///
/// The process belongs to a keeper thread (children are killed with the thread that started them), which sees
/// it end, ends it when asked, and then sweeps whatever it has left running. Every member may be called from
/// any thread.
class Environment {
 public:
  struct Options {
    const Function& function;           ///< read during construction only
    const base::Environment& own;       ///< of the emulator itself; likewise
    int log_fd;                         ///< standard output and standard error of the runtime; borrowed
    base::Logger* api_trace = nullptr;  ///< where set, the conversation is told there; borrowed
    base::Logger* log = nullptr;        ///< of requests that its Runtime API refuses; borrowed
  };
  /// Returns at once. What goes wrong later is an answer of wait_until_ready().
  Environment(const Options& options, proc::Family& family);
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  /// As stop() and wait_until_ended().
  ~Environment();

  /// The service's limits for init.
  static constexpr std::chrono::milliseconds kInitLimit{10'000};
  static constexpr std::chrono::milliseconds kManagedInitLimit{130'000};

  /// Blocks until the runtime has asked for its first event: nullopt. Else why it will not.
  std::optional<Reply> wait_until_ready();

  /// From the start of the process to its first poll; for use after wait_until_ready().
  [[nodiscard]] std::chrono::microseconds init_duration() const { return init_duration_; }

  struct Call {
    Broker::Completed completed;
    std::size_t peak_memory_kib = 0;  ///< of all processes: the most that was seen or told of until now
    std::chrono::microseconds init_duration{0};
  };
  /// As Broker::invoke. On a managed instance many at a time.
  Call invoke(Event event);

  /// Whether wait_until_ready() has ever succeeded.
  [[nodiscard]] bool was_ready() const { return was_ready_; }

  /// True for the first one that asks: whose report tells of the init.
  bool take_fresh() { return fresh_.exchange(false); }

  /// Every waiting and later call gets `why`; the process is not touched.
  void close(Reply why) { broker_->close(std::move(why)); }

  /// Asks the process to end: SIGTERM to its group, SIGKILL when it is still there after 600 ms (the
  /// bootstrap grants itself 300, as an extension 500). Does not block.
  void stop();
  /// SIGKILL to its group. Does not block.
  void end_now();

  /// Stops every process of the runtime with SIGSTOP, as the service does between calls, until thaw(), stop()
  /// or end_now(). Neither blocks.
  void freeze();
  void thaw();

  /// Blocks until the process and what it left running are gone, or `limit` has passed; true when they are.
  bool wait_until_ended(base::Deadline limit);

 private:
  enum class Order { none, stop, kill };

  void keep(const proc::Command& command, int log_fd);
  void watch(const proc::Child& child);
  void obey(const proc::Child& child);
  void freeze_or_thaw(const proc::Child& child, bool frozen);
  [[nodiscard]] base::Deadline next_look();
  void look_at_memory(const proc::Child& child);
  void note_report(std::size_t kib);
  void raise_peak(std::size_t kib);
  void give(Order order);
  void wake();
  void ended();

  proc::Family& family_;
  const std::unique_ptr<Broker> broker_;
  std::optional<HttpServer> server_;
  const std::chrono::milliseconds init_limit_;
  const base::SteadyClock::time_point started_;
  std::atomic<std::chrono::microseconds> init_duration_{std::chrono::microseconds(0)};

  base::UniqueFd wake_;  // eventfd: an order, or a call that begins
  std::atomic<Order> order_ = Order::none;
  std::atomic<bool> freeze_wanted_ = false;
  std::atomic<int> calls_ = 0;
  std::atomic<std::size_t> peak_memory_kib_ = 0;
  std::atomic<pid_t> runtime_ = -1;          // its process, where that runs
  std::atomic<bool> looks_anew_ = false;     // a call has begun since the last look
  std::chrono::milliseconds look_pause_{0};  // of the keeper: until the next look
  std::atomic<bool> was_ready_ = false;
  std::atomic<bool> fresh_ = true;
  base::Deadline kill_at_ = base::Deadline::never();  // of the keeper
  bool frozen_ = false;                               // likewise
  base::SteadyClock::time_point looked_at_memory_{};  // likewise
  const std::chrono::milliseconds look_interval_;

  std::mutex mutex_;
  std::condition_variable ended_changed_;
  bool ended_ = false;
  std::thread keeper_;
};

}  // namespace emulator
