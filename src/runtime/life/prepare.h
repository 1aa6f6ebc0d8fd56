// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/environment.h"
#include "base/log/logger.h"
#include "handler/runner/runner.h"
#include "handler/spec/spec.h"
#include "proc/child/family.h"
#include "runtime/life/hooks.h"
#include "runtime/settings/settings.h"
#include "runtime/tracing/xray_daemon.h"

#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace runtime {

/// A process that is ready for its first poll.
struct Prepared {
  Settings settings;
  std::string task_root;  ///< absolute
  std::string directory;  ///< where programs start, absolute
  handler::Spec handler;
  std::string handler_name;  ///< for messages
  base::Environment child_environment;
  std::unique_ptr<XrayDaemon> xray{};  ///< that is told of each child; nullptr: nobody is
  Hooks hooks{};
  base::Deadline init_limit = base::Deadline::never();  ///< of init, until a snapshot is taken
};

/// The init phase: settings, SHELLSTRAP_INIT, handler, checks. Reads the disk; warnings go to the log, what
/// is wrong comes back. `arguments`: of the bootstrap, without its name. Blocks as long as SHELLSTRAP_INIT
/// runs, which ends when `stop_fd` is readable.
std::variant<Prepared, handler::InitProblem> prepare(const std::vector<std::string>& arguments,
                                                     const base::Environment& environment,
                                                     proc::Family& family, base::Logger& logger, int stop_fd);

/// A runner of its own for one worker, made on that worker's thread. Of a shell function it blocks while the
/// file is sourced, at most until `stop_fd` is readable.
std::variant<std::unique_ptr<handler::Runner>, handler::InitProblem> make_runner(const Prepared& prepared,
                                                                                 proc::Family& family,
                                                                                 base::Logger& logger,
                                                                                 int stop_fd);

}  // namespace runtime
