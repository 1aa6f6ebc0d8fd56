// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"
#include "base/unique_fd.h"
#include "proc/byte_sink.h"
#include "proc/child.h"
#include "proc/fork_lane.h"
#include "proc/run.h"
#include "proc/status_lines.h"

#include <sys/types.h>

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace proc {

/// A child that prepares once and then forks for each run, in a process group of its own and before there is
/// an event for it. The forks are the server's children, not ours: it waits for them and says how they ended;
/// what they leave running falls to it, as the nearest sub-reaper, and is found there. The descriptors are
/// the same in each run: there is one fork at a time, and the next one is made when nothing of the last is
/// left.
///
/// The program finds 0, 1 and 2 on /dev/null; 40 the event, 41 42 (43) the pipes of its outputs, 44 a control
/// pipe, 45 the message; 60 the log, 61 a byte for each fork but the first ("h" where the server is to
/// prepare again before it), 63 the status pipe. A fork starts with a control record of 8 characters: how
/// many parts, each up to a NUL, the message has; the last one is the event. Sequence numbers count forks
/// from 1. On the status pipe:
///   WORD 0 N        while it prepares: whatever the caller understands
///   pid SEQ PID     a fork waits for its event; the first one means that the server is ready
///   end SEQ STATUS  from the fork, where it can: its outputs are complete
///   wait SEQ STATUS from the server, always: the fork has ended, 128 + N when by signal N
///
/// One thread, the one that started it, uses it. Destruction ends the server, the forks and what they left.
class ForkServer {
 public:
  /// `family`, where given, accounts for the server; borrowed. `keep_leftovers`: what runs leave running is
  /// never ended; a server whose run has left something is not usable any more, since that may hold its
  /// pipes. `output_fds`: what the outputs of each run are called there. `log`: what the server writes while
  /// it prepares, and what it then has left running writes at any time.
  static std::variant<std::unique_ptr<ForkServer>, LaunchError> start(const Command& command,
                                                                      const std::vector<int>& output_fds,
                                                                      ByteSink& log, Family* family = nullptr,
                                                                      bool keep_leftovers = false);
  ForkServer(const ForkServer&) = delete;
  ForkServer& operator=(const ForkServer&) = delete;
  ~ForkServer();

  struct Startup {
    std::vector<StatusLine> said;    ///< while it prepared
    std::optional<ExitState> ended;  ///< it will never be ready; nullopt: it is
    bool stopped = false;            ///< ended by us, because of stop_fd
    bool overdue = false;            ///< ended by us, because of the limit
  };
  /// Blocks until the server is ready or has ended. `slow` is called once, when that takes until `slow_at`.
  /// When `stop_fd` (-1: none) becomes readable the server's group gets SIGTERM, and SIGKILL after 200 ms.
  Startup wait_until_ready(base::Deadline slow_at, const std::function<void()>& slow, int stop_fd = -1);

  /// Between two runs: has the server prepare once more, by what `message` says. The fork that waits was made
  /// before and is replaced. As above, but for the limit: when that passes the server is ended. What is left
  /// running stays.
  Startup prepare_again(std::string_view message, base::Deadline limit, int stop_fd = -1);

  /// As proc::run, in the next fork. `options.stdin_fd` does not count; the outputs are those of start().
  RunResult run(const ForkInput& input, const RunOptions& options);

  /// Kills what the last run has left and lets the server fork again; blocks until the new fork waits: about
  /// a millisecond. To be called when the answer is out and before the next event is asked for: where there
  /// is one processor or less, a fork under way would take the next run's time (back to back on a busy
  /// machine 1.1 to 1.5 of the floor of scripts/bench, instead of 0.6 to 0.75). run() does it where nobody
  /// has. False: this server cannot be used any more.
  bool settle();

  /// Nothing is known to be wrong with it.
  [[nodiscard]] bool usable();

  /// Once it is ready: the program that was started is the one that forks, and not a child of it.
  [[nodiscard]] bool forks_itself() const;

  /// Only because a run has left something that is to be kept.
  [[nodiscard]] bool worn() const { return worn_; }

  /// How many processes were ended after runs, since last asked.
  [[nodiscard]] std::size_t take_swept() { return std::exchange(swept_, 0); }

 private:
  class Call;

  ForkServer(Child server, ForkLane lane, Collector log, base::Pipe go, base::Pipe status);

  RunResult run_next(const ForkInput& input, const RunOptions& options);
  /// Takes what comes until `condition` holds; false: the limit has passed, the server cannot be used, or
  /// `stop_fd` is readable.
  bool await(const std::function<bool()>& condition, base::Deadline limit, int stop_fd = -1);
  void take_status();
  void take(const StatusLine& line);
  void take_pid(const StatusLine& line);
  void take_log();
  [[nodiscard]] int log_fd() const;
  bool end_last_fork();
  bool clear_leftovers();
  bool sweep();
  bool fork_next();
  bool let_prepare(std::string_view message, base::Deadline limit);
  Startup take_startup(base::Deadline limit, int stop_fd);
  void stop_server();
  Child::Ended end_server();
  [[nodiscard]] std::vector<pid_t> strangers() const;
  [[nodiscard]] bool server_has_ended() const { return server_.wait_until(base::Deadline::after({})); }

  Child server_;
  ForkLane lane_;
  Collector log_;
  base::Pipe go_;
  base::Pipe status_;
  StatusLines lines_;
  std::vector<StatusLine> said_;
  std::set<pid_t> residents_;  // what the preparation has left running: not a run's
  bool preparing_ = true;
  bool broken_ = false;  // what it says makes no sense, or it says nothing
  bool keep_leftovers_ = false;
  bool worn_ = false;
  std::size_t swept_ = 0;
  bool unsettled_ = false;  // a run has ended and its fork was not seen to
  unsigned long sequence_ = 1;
  std::optional<int> end_;     // of the current fork, by itself
  std::optional<int> reaped_;  // by the server
};

}  // namespace proc
