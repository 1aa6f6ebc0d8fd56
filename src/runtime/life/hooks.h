// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"
#include "base/environment.h"
#include "base/log/logger.h"
#include "handler/spec/spec.h"
#include "proc/child/family.h"
#include "runtime/settings/settings.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace runtime {

/// What runs beside the handler, found and checked. See docs/hooks.md.
struct Hook {
  std::string name;  ///< for messages: the setting, and what it names
  handler::Spec spec;
  api::ErrorType failure;               ///< what its failure is reported as
  std::vector<std::string> warnings{};  ///< one sentence each, for the log, once
};

/// Those of a function that is ready. A function among the last two is one of the handler's own file.
struct Hooks {
  std::optional<Hook> shutdown{};
  std::optional<Hook> before_snapshot{};
  std::optional<Hook> after_restore{};
};

/// Where a hook's command is looked for.
struct HookPlace {
  const std::string& task_root;
  std::string path;  ///< PATH
};

/// SHELLSTRAP_INIT, which runs before anything else is looked for: always a command.
std::variant<std::optional<Hook>, handler::InitProblem> find_init_hook(const HookCommands& commands,
                                                                       const HookPlace& place);

/// The others. Reads the disk, runs nothing.
std::variant<Hooks, handler::InitProblem> find_hooks(const HookCommands& commands, const HookPlace& place,
                                                     const handler::Spec& handler);

/// The function's name where `hook` is one; empty: it is none.
std::string function_of(const std::optional<Hook>& hook);

/// When init must be over, from now on: where a snapshot is taken the service grants 130 s or the function's
/// timeout, of which we know no more than that it is not below SHELLSTRAP_TIMEOUT_MS. Otherwise never: an
/// init that takes longer than the service likes is begun anew by it, with more time.
base::Deadline limit_of_init(const Settings& settings);

/// What a hook's program runs in. Everything is borrowed.
struct HookSurroundings {
  const base::Environment& environment;  ///< from child_base_environment
  const std::string& directory;
  proc::Family& family;
  base::Logger& logger;
  int stop_fd = -1;          ///< readable: the environment is shut down, and so is the hook
  bool shows_stderr = true;  ///< in what is reported of a failure
};

/// Runs a hook's program, without input and with its output in the log, until it ends, or is ended shortly
/// before `limit`. What it leaves running stays. nullopt: it succeeded, or there is none. A function is not
/// run here, but by the runners: see handler::Runner.
std::optional<handler::InitProblem> run_program(const std::optional<Hook>& hook,
                                                const HookSurroundings& surroundings, base::Deadline limit);

}  // namespace runtime
