// SPDX-License-Identifier: Apache-2.0
#include "runtime/life/snapshot.h"

#include "api/client/restore.h"

#include <utility>

namespace runtime {
namespace {

using api::ErrorType;
using handler::InitProblem;
using handler::WarmHook;

WarmHook warm_hook(const std::optional<Hook>& hook, ErrorType failure, const Settings& settings,
                   base::Deadline limit) {
  return {hook ? hook->name : "a warm shell",
          function_of(hook),
          false,
          std::move(failure),
          limit,
          settings.error_stderr};
}

}  // namespace

Snapshot::Snapshot(const api::Endpoint& endpoint, const Prepared& prepared, proc::Family& family,
                   base::Logger& logger, int stop_fd, std::chrono::milliseconds after_restore)
    : endpoint_(endpoint),
      prepared_(prepared),
      family_(family),
      logger_(logger),
      stop_fd_(stop_fd),
      after_restore_(after_restore),
      ready_(prepared.settings.concurrency),
      restored_(prepared.settings.concurrency),
      renewed_(prepared.settings.concurrency) {}

bool Snapshot::pass(handler::Runner& runner, bool is_first) {
  if (!prepared_.settings.snapshot) return true;
  return ready_.arrive(before_snapshot(runner, is_first)) &&
         restored_.arrive(is_first ? wait_for_restore() : std::nullopt) &&
         renewed_.arrive(after_restore(runner, is_first, base::Deadline::after(after_restore_)));
}

std::optional<InitProblem> Snapshot::catch_up(handler::Runner& runner) {
  if (!prepared_.settings.snapshot) return std::nullopt;
  if (auto problem = before_snapshot(runner, false)) return problem;
  return after_restore(runner, false, base::Deadline::after(after_restore_));
}

std::optional<InitProblem> Snapshot::problem() {
  for (auto* muster : {&ready_, &restored_, &renewed_})
    if (auto problem = muster->problem()) return problem;
  return std::nullopt;
}

std::optional<InitProblem> Snapshot::before_snapshot(handler::Runner& runner, bool is_first) {
  const auto& hook = prepared_.hooks.before_snapshot;
  const auto warm =
      warm_hook(hook, ErrorType::Known::before_snapshot, prepared_.settings, prepared_.init_limit);
  if (!hook) return std::nullopt;
  return run(hook, warm, runner, is_first);
}

// What cannot be restored may yet run; a hook that has closed something wants the other one to open it.
std::optional<InitProblem> Snapshot::wait_for_restore() {
  const auto restore = api::await_restore(endpoint_, stop_fd_);
  if (std::holds_alternative<api::NoSnapshot>(restore))
    logger_.warn("no snapshot is taken here (GET restore/next: 404), so none is restored");
  if (const auto* lost = std::get_if<api::Lost>(&restore))
    return InitProblem{ErrorType::Known::init_error, "no snapshot can be taken: " + lost->reason, {}};
  if (std::holds_alternative<api::Stopped>(restore))
    return InitProblem{ErrorType::Known::shutdown, "the environment was shut down.", {}};
  return std::nullopt;
}

// Also without a hook: what is kept warm must not be the same in each copy.
std::optional<InitProblem> Snapshot::after_restore(handler::Runner& runner, bool is_first,
                                                   base::Deadline limit) {
  const auto& hook = prepared_.hooks.after_restore;
  auto warm = warm_hook(hook, ErrorType::Known::after_restore, prepared_.settings, limit);
  warm.restored = true;
  auto problem = run(hook, warm, runner, is_first);
  if (problem) problem->type = ErrorType::Known::after_restore;  // whatever it is: it is this copy's
  return problem;
}

std::optional<InitProblem> Snapshot::run(const std::optional<Hook>& hook, const WarmHook& warm,
                                         handler::Runner& runner, bool is_first) {
  if (auto problem = runner.run_hook(warm); problem || !is_first) return problem;
  return run_program(hook,
                     {prepared_.child_environment, prepared_.task_root, family_, logger_, stop_fd_,
                      prepared_.settings.error_stderr},
                     warm.limit);
}

}  // namespace runtime
