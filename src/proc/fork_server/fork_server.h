// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"
#include "base/io/unique_fd.h"
#include "proc/child/child.h"
#include "proc/fork_server/fork_lane.h"
#include "proc/fork_server/fork_protocol.h"
#include "proc/fork_server/status_lines.h"
#include "proc/run/byte_sink.h"
#include "proc/run/run.h"
#include "proc/tree/process_tree.h"

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
/// left. What is said on them, and what is believed of it: ForkProtocol.
///
/// The program finds 0 the event, which bash would read in the background of a call if it had to be put there
/// for it; 1, 2 and 110 on /dev/null; 111 112 (113) the pipes of its outputs, 114 the control pipe, 115 the
/// message; 116 the log, 117 the orders, 118 the status pipe. They lie above 100 because shells, and files
/// for them, take what is below. While it prepares, whatever it says but `pid`, `end`, `bad` and `wait` is
/// passed on to the caller; with "sourcing 0 0" it says that from now on it has the status pipe open only in
/// code of its own, and is ended where that takes it longer than five seconds.
///
/// A fork that ends before it has taken its event is replaced, and the event is the next one's: at most
/// twice, and never after a signal of ours. A fork or server that somebody else has stopped is continued, a
/// fork only until it has its event.
///
/// One thread, the one that started it, uses it, and has SIGPIPE blocked from then on. Destruction ends the
/// server, the forks and what they left.
class ForkServer {
 public:
  /// `family`, where given, accounts for the server; borrowed. `keep_leftovers`: what runs leave running is
  /// never ended; a server whose run has left something is not usable any more, since that may hold its
  /// pipes. `outputs`: as of each run, whose sinks come with it. `log`: what the server writes while
  /// it prepares, and what it then has left running writes at any time.
  static std::variant<std::unique_ptr<ForkServer>, LaunchError> start(const Command& command,
                                                                      const std::vector<Output>& outputs,
                                                                      ByteSink& log, Family* family = nullptr,
                                                                      bool keep_leftovers = false);
  ForkServer(const ForkServer&) = delete;
  ForkServer& operator=(const ForkServer&) = delete;
  ~ForkServer();

  struct Startup {
    std::vector<StatusLine> said;    ///< while it prepared; what is no such line is a word by itself
    std::optional<ExitState> ended;  ///< it will never be ready; nullopt: it is
    bool stopped = false;            ///< ended by us, because of stop_fd
    bool overdue = false;            ///< ended by us, because of the limit
    bool stuck = false;              ///< ended by us, because it did not get on in code of its own
  };
  /// Blocks until the server is ready or has ended. `slow` is called once, when that takes until `slow_at`.
  /// When `limit` passes, or `stop_fd` (-1: none) becomes readable, the server's group gets SIGTERM, and
  /// SIGKILL after 200 ms.
  Startup wait_until_ready(base::Deadline slow_at, const std::function<void()>& slow, base::Deadline limit,
                           int stop_fd = -1);

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

  /// What the last run left running had the output open that is to be whole, or has written to it behind its
  /// end. Known behind settle(); once.
  bool take_held();

 private:
  class Call;
  using State = ForkProtocol::State;
  using Process = std::pair<pid_t, ProcessTime>;  // numbers are used again

  ForkServer(Child server, ForkLane lane, Collector log, base::Pipe orders, base::Pipe status);

  RunResult run_next(const ForkInput& input, const RunOptions& options);
  /// Takes what comes until `condition` holds; false: the limit has passed, the server cannot be used, or
  /// `stop_fd` is readable.
  bool await(const std::function<bool()>& condition, base::Deadline limit, int stop_fd = -1);
  void take_status();
  void take(const std::string& text);
  void take_preparation(const StatusLine& line);
  void meet_fork(pid_t pid);
  void take_log();
  void look_after();
  void limit_preparation();
  [[nodiscard]] int log_fd() const;
  bool end_last_fork();
  bool clear_leftovers();
  bool sweep();
  [[nodiscard]] int family_stop_fd() const;
  void note_held(pid_t pid, HolderPatience& patience);
  bool restore_outputs();
  bool fork_next();
  bool order(const std::string& text);
  base::Status send(const ForkInput& input);
  [[nodiscard]] bool is_ready() const;
  [[nodiscard]] bool fork_has_ended() const;
  void kill_fork(int signal) const;
  static void continue_if_stopped(pid_t pid);

  // A fork takes a millisecond; bash retries one that the kernel refuses after 1, 2, 4… seconds. A server
  // has to say at once what becomes of a fork, but it may have to wait for a processor.
  static constexpr std::chrono::seconds kForkLimit{5};
  bool let_prepare(std::string_view message, base::Deadline limit);
  Startup take_startup(base::Deadline limit, int stop_fd);
  void stop_server();
  Child::Ended end_server();
  [[nodiscard]] bool is_new(pid_t pid) const;
  [[nodiscard]] std::vector<pid_t> newcomers() const;
  void continue_server() const;
  [[nodiscard]] bool server_has_ended() const { return server_.wait_until(base::Deadline::after({})); }

  Child server_;
  ForkLane lane_;
  Collector log_;
  base::Pipe orders_;
  base::Pipe status_;
  StatusLines lines_;
  ForkProtocol protocol_;
  std::vector<StatusLine> said_;
  std::set<Process> residents_;  // who were there when the fork began to wait: none of the call's
  ProcessTime call_start_{};     // nor is who is older
  int own_code_looks_ = 0;       // in a row that found it preparing by our text alone
  bool sourcing_ = false;        // it has said so
  bool stuck_ = false;
  bool keep_leftovers_ = false;
  Family* family_ = nullptr;
  bool worn_ = false;
  std::size_t swept_ = 0;
  bool held_ = false;
  bool unsettled_ = false;   // a run has ended and its fork was not seen to
  unsigned long calls_ = 0;  // that were sent
};

}  // namespace proc
