// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/context.h"
#include "cli/variables.h"

#include <string>
#include <variant>
#include <vector>

namespace cli {

struct CheckOptions {
  std::string package;
  std::vector<std::string> layers;
  std::string handler;  ///< empty: not given
  Variables variables;
  bool is_arm = false;
  bool strict = false;
};

/// The command line of check. An int is the exit status where there is nothing more to do: help was printed,
/// or what is wrong was said on standard error.
std::variant<CheckOptions, int> parse_check_options(const Arguments& arguments);

}  // namespace cli
