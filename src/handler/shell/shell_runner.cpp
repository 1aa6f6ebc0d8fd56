// SPDX-License-Identifier: Apache-2.0
#include "handler/shell/shell_runner.h"

#include "handler/runner/child_environment.h"
#include "handler/shell/shell_message.h"
#include "proc/child/family.h"

#include <utility>

namespace handler {
namespace {

// Of a shell that takes the place of another between two calls, and of its hooks: the service's own limit of
// an init phase. Where a call waits for it, its deadline is the limit.
constexpr std::chrono::seconds kReplaceLimit{10};

// Only what belongs to the invocation: the rest the shell has already.
proc::ForkInput input_of(const base::MemoryFile& event, const std::vector<std::string>& variables) {
  auto message = shell_message(variables);
  return {std::move(message.text), message.parts, event};
}

proc::RunOptions options_of(const Call& call) {
  proc::RunOptions options;
  options.outputs = call.outputs;
  options.terminate_at = call.terminate_at;
  options.kill_at = call.kill_at;
  options.stop_fd = call.stop_fd;
  return options;
}

}  // namespace

ShellRunner::ShellRunner(ShellSetup setup, std::unique_ptr<proc::ByteSink> log, Warn warn)
    : setup_(std::move(setup)), log_(std::move(log)), warn_(std::move(warn)) {}

std::variant<std::unique_ptr<Runner>, InitProblem> ShellRunner::create(ShellSetup setup,
                                                                       std::unique_ptr<proc::ByteSink> log,
                                                                       Warn warn) {
  std::unique_ptr<ShellRunner> runner(new ShellRunner(std::move(setup), std::move(log), std::move(warn)));
  if (auto problem = runner->start_shell(base::Deadline::never())) return *std::move(problem);
  return std::unique_ptr<Runner>(std::move(runner));
}

proc::RunResult ShellRunner::run(const Call& call) {
  const auto limit = base::Deadline::earlier_of(call.terminate_at, call.kill_at);
  if (auto problem = replace_shell(limit))
    return {.ending =
                proc::Lost{"nothing ran: the shell ended and cannot be started again: " + problem->message}};
  const auto environment = child_environment(base::Environment(), call.invocation, call.variables);
  for (const auto& warning : environment.warnings) warn_(warning, call.invocation.request_id);
  return shell_->run(input_of(call.input(), environment.strings), options_of(call));
}

Settled ShellRunner::settle() {
  shell_->settle();
  Settled settled{shell_->take_swept(), shell_->take_held()};
  // Where it fails, the next call tries again and says so.
  replace_shell(base::Deadline::after(kReplaceLimit));
  settled.ended += std::exchange(orphans_, 0);
  return settled;
}

std::optional<InitProblem> ShellRunner::start_shell(base::Deadline limit) {
  const auto warn = [this](std::string_view sentence) { warn_(sentence, {}); };
  auto started = start_warm_shell(setup_, log_, warn, limit);
  if (auto* problem = std::get_if<InitProblem>(&started)) return std::move(*problem);
  shell_ = std::get<std::unique_ptr<proc::ForkServer>>(std::move(started));
  return std::nullopt;
}

std::optional<InitProblem> ShellRunner::replace_shell(base::Deadline limit) {
  if (shell_->usable() && is_complete_) return std::nullopt;
  if (!shell_->worn())
    warn_("the shell that has sourced " + setup_.function.file + " is replaced: it ended or answered oddly",
          {});
  auto problem = start_shell(limit);
  if (!problem) end_orphans();
  return problem ? problem : repeat_hooks(limit);
}

std::optional<InitProblem> ShellRunner::run_hook(const WarmHook& hook) {
  if (auto problem = replace_shell(hook.limit)) return problem;
  auto problem = run_in_warm_shell(*shell_, hook, log_, setup_.stop_fd);
  if (!problem) hooks_.push_back(hook);
  return problem;
}

std::optional<InitProblem> ShellRunner::repeat_hooks(base::Deadline limit) {
  is_complete_ = false;
  for (auto hook : hooks_) {
    hook.limit = base::Deadline::earlier_of(limit, base::Deadline::after(kReplaceLimit));
    if (auto problem = run_in_warm_shell(*shell_, hook, log_, setup_.stop_fd)) return problem;
  }
  is_complete_ = true;
  return std::nullopt;
}

// What was below a shell that was killed has fallen to this process, where no other shell's call looks for
// it.
void ShellRunner::end_orphans() {
  const bool are_kept = setup_.leftovers == Leftovers::keep;
  if (setup_.family != nullptr && !are_kept) orphans_ += setup_.family->sweep();
}

}  // namespace handler
