// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/paths.h"
#include "support/process_tools.h"
#include "support/temp_dir.h"

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

/// The real `shellstrap` in a folder of its own, with little more than PATH in its environment.
class Cli {
 public:
  Cli() { set("PATH", std::getenv("PATH") != nullptr ? std::getenv("PATH") : "/usr/bin:/bin"); }

  void set(const std::string& name, const std::string& value) { environment_.push_back(name + "=" + value); }
  [[nodiscard]] const std::vector<std::string>& environment() const { return environment_; }

  /// An executable script; its path.
  std::string script(const std::string& name, const std::string& lines) const {
    return folder.write(name, "#!/bin/sh\n" + lines + "\n", 0755);
  }

  [[nodiscard]] static std::vector<std::string> command(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), support::cli_program());
    return arguments;
  }

  /// shellstrap ARGUMENTS... in the folder.
  [[nodiscard]] support::ToolResult run(const std::vector<std::string>& arguments,
                                        std::string_view input = {}) const {
    std::vector<std::string> argv = {"/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder.path()};
    for (const auto& word : command(arguments)) argv.push_back(word);
    return support::run_tool(argv, input, environment_);
  }
  [[nodiscard]] support::ToolResult invoke(std::vector<std::string> arguments,
                                           std::string_view input = {}) const {
    arguments.insert(arguments.begin(), "invoke");
    return run(arguments, input);
  }

  support::TempDir folder;

 private:
  std::vector<std::string> environment_;
};

inline bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

inline proc::ExitState exited(int status) {
  return proc::ExitState::exited(status);
}
