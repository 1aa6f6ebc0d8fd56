// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "handler/runner/runner.h"
#include "handler/shell/warm_shell.h"

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

namespace handler {

/// Calls a function of a shell file, each time in a fresh fork of one shell that has sourced the file. A
/// shell that ended or answers oddly is replaced before the next call. See docs/shell-functions.md.
class ShellRunner : public Runner {
 public:
  using Warn = std::function<void(std::string_view sentence, std::string_view request_id)>;

  /// Blocks while the file is sourced. `log` gets what it prints. Everything on one thread, which must live
  /// as long as the runner.
  static std::variant<std::unique_ptr<Runner>, InitProblem> create(ShellSetup setup,
                                                                   std::unique_ptr<proc::ByteSink> log,
                                                                   Warn warn);

  proc::RunResult run(const Call& call) override;
  Settled settle() override;

  /// A shell that is replaced later goes through the same hooks.
  std::optional<InitProblem> run_hook(const WarmHook& hook) override;

 private:
  ShellRunner(ShellSetup setup, std::unique_ptr<proc::ByteSink> log, Warn warn);
  std::optional<InitProblem> start_shell(base::Deadline limit);
  std::optional<InitProblem> replace_shell(base::Deadline limit);
  std::optional<InitProblem> repeat_hooks(base::Deadline limit);
  void end_orphans();

  ShellSetup setup_;
  StartupLog log_;
  Warn warn_;
  std::unique_ptr<proc::ForkServer> shell_;
  std::vector<WarmHook> hooks_;  ///< that the shell has gone through
  bool is_complete_ = true;      ///< it has gone through all of them
  std::size_t orphans_ = 0;      ///< processes of dead shells that were ended, not yet counted
};

}  // namespace handler
