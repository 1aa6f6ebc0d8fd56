// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/content/check_findings.h"
#include "cli/content/check_script.h"
#include "cli/package/check_package.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace cli {

/// What there is to run besides the image's commands.
struct Surroundings {
  const Package& package;
  const std::vector<Package>& layers;
  std::set<std::string> layer_commands;      ///< in bin/ of the layers, which is /opt/bin
  std::set<std::string> package_commands;    ///< executable files, for scripts that set PATH
  std::set<std::string> functions;           ///< of all scripts, because one may source another
  std::map<std::string, ShellScan> scripts;  ///< of the package, by path
};

/// Reads all scripts of package and layers, both borrowed.
Surroundings survey(const Package& package, const std::vector<Package>& layers);

/// Whether the function finds the absolute path `path` of /var/task, /opt or the image.
bool is_there(const std::string& path, const Surroundings& all);

/// Whether `name` is a command on PATH there.
bool is_command(const std::string& name, const Surroundings& all);

/// ": provided.al2023 lacks it, says our list of DATE."
std::string lacking_in_image();

/// What follows "NAME may be missing", or of what is started "NAME is missing", in a finding: why, and once
/// for each command how to get it.
std::string why_missing(const std::string& name, Findings& findings);

}  // namespace cli
