// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "cli/deploy/deploy_settings.h"
#include "cli/line/context.h"
#include "cli/line/verbs.h"

#include <string>
#include <variant>
#include <vector>

namespace cli {

/// The alias that callers use where nothing else is said.
inline constexpr auto kDefaultAlias = "live";

struct DeployOptions {
  std::string folder;
  DeploySettings settings;  ///< deploy.json with what the command line says instead; name and alias are there
  std::vector<std::string> variable_files;
  std::string bootstrap;  ///< to pack; empty: beside this program
  bool is_public = false;
  bool yes = false;
};

/// The command line of deploy, and deploy.json of the folder. Reads the disk. An int is the exit status where
/// there is nothing more to do: help was printed, or what is wrong was said on standard error.
std::variant<DeployOptions, int> parse_deploy_options(const Arguments& arguments, const Context& context);

/// See Verb::show_line.
void show_deploy_line(const LineReader& read);

}  // namespace cli
