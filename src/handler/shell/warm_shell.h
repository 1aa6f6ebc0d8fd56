// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/environment.h"
#include "handler/runner/runner.h"
#include "handler/spec/leftovers.h"
#include "handler/spec/spec.h"
#include "proc/fork_server/fork_server.h"
#include "proc/run/byte_sink.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace handler {

/// What a warm shell starts from.
struct ShellSetup {
  ShellFunctionSpec function;
  base::Environment environment;     ///< from child_base_environment
  std::string directory;             ///< where the shell starts
  int answer_fd = 1;                 ///< 1, 2, or 3 to 9: then calls have this one, too
  std::vector<std::string> options;  ///< from parse_shell_options
  Leftovers leftovers = Leftovers::end;
  proc::Family* family = nullptr;  ///< that accounts for the shell; borrowed
  int stop_fd = -1;                ///< readable: the environment is shut down, there is no use in sourcing
  std::string before_snapshot{};   ///< functions that the file must define, too; empty: none
  std::string after_restore{};
  std::size_t answer_file_limit = 0;  ///< not 0: the answer is a file in memory, as proc::Output has it
};

/// The log of a warm shell, on its way: remembers its end, for the message when the shell cannot start.
class StartupLog : public proc::ByteSink {
 public:
  explicit StartupLog(std::unique_ptr<proc::ByteSink> log) : log_(std::move(log)) {}

  bool take(std::string_view bytes) override;

  /// Ends a line that the file has left open.
  void end_line();

  [[nodiscard]] std::vector<std::string> last_lines() const;

  /// What has come until now is not the end of what comes.
  void forget() { tail_.clear(); }

 private:
  std::unique_ptr<proc::ByteSink> log_;
  std::string tail_;
};

using WarnOnce = std::function<void(std::string_view sentence)>;

/// Starts bash, which sources the file; blocks until it waits for calls, or cannot, or `limit` has passed.
/// `log`, borrowed for the life of the shell, gets what the file prints. What is odd but no reason to fail is
/// warned of.
std::variant<std::unique_ptr<proc::ForkServer>, InitProblem> start_warm_shell(const ShellSetup& setup,
                                                                              StartupLog& log,
                                                                              const WarnOnce& warn,
                                                                              base::Deadline limit);

/// Runs a hook in the shell itself, with its output in the log; blocks. After a problem the shell may have
/// ended. nullopt: it is done, and the shell waits for calls again.
std::optional<InitProblem> run_in_warm_shell(proc::ForkServer& shell, const WarmHook& hook, StartupLog& log,
                                             int stop_fd);

}  // namespace handler
