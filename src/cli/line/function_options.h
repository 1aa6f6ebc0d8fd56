// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/environment.h"
#include "base/result.h"
#include "emulator/environment/function.h"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cli {

/// The options that every verb with a function has: which handler, and how it is configured.
struct FunctionOptions {
  std::string handler;                     ///< empty: not given
  std::string handler_word = "a HANDLER";  ///< how the verb calls it, for messages
  std::vector<std::string> command;        ///< what stood after "--"
  std::vector<std::string> variables;
  std::vector<std::string> variable_files;
  std::string task_root;  ///< empty: the current directory
  std::string bootstrap;  ///< empty: find_bootstrap() looks for it
  double timeout = 3;     ///< seconds
  int memory = 128;
  bool trace_api = false;
  bool starts_nothing = false;  ///< the user starts the runtime: neither handler nor bootstrap is needed
};

/// Adds them to `app`, which fills `options` (borrowed) when it parses.
void add_function_options(CLI::App& app, FunctionOptions& options);
/// The same without HANDLER and --task-root, which a verb may spell in its own way.
void add_settings(CLI::App& app, FunctionOptions& options);

/// The function that `options` describe. `own`: the environment of this program, for its region and
/// SHELLSTRAP_COMMAND. Reads the disk: the variable files, whether task root and bootstrap are there. An
/// error is a sentence for the user.
base::Result<emulator::Function> make_function(const FunctionOptions& options, const base::Environment& own);

/// What to warn of where the handler lies outside the task root, and so not in the package; else empty.
/// Folders that the service has, too, are as good as inside.
std::string far_handler(const emulator::Function& function);

/// `own` without what the command line overrides: with a handler or a command on it, SHELLSTRAP_COMMAND of
/// the user's shell must not win.
base::Environment without_overridden(base::Environment own, const FunctionOptions& options);

}  // namespace cli
