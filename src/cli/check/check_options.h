// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/line/context.h"
#include "cli/line/variables.h"
#include "cli/line/verbs.h"

#include <string>
#include <variant>
#include <vector>

namespace CLI {
class App;
}

namespace cli {

struct CheckOptions {
  std::string package;
  std::vector<std::string> layers;
  std::string handler;  ///< empty: not given
  Variables variables;
  bool is_arm = false;
  bool strict = false;
  std::string format = "text";  ///< or github, sarif, json
};

/// Whether this program was built for arm64: what --arch is where nothing is said.
bool is_arm_machine();

/// As they stand on a command line.
struct CheckWords {
  CheckOptions options;
  std::vector<std::string> variables;
  std::string arch;
};

/// Adds what check and pack take alike, --handler, --env and --arch, to `app`, which fills `words`
/// (borrowed).
void add_check_options(CLI::App& app, CheckWords& words);

/// Makes options of what was parsed: what is wrong with it, or nothing.
std::string complete(CheckWords& words);

/// The command line of check. An int is the exit status where there is nothing more to do: help was printed,
/// or what is wrong was said on standard error.
std::variant<CheckOptions, int> parse_check_options(const Arguments& arguments);

/// See Verb::show_line.
void show_check_line(const LineReader& read);

}  // namespace cli
