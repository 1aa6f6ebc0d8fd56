// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/check/check_options.h"
#include "cli/line/context.h"
#include "cli/line/verbs.h"

#include <string>
#include <variant>

namespace cli {

struct PackOptions {
  CheckOptions check;     ///< its package is the folder
  bool in_layer = false;  ///< the bootstrap comes from a layer: none is packed
  std::string bootstrap;  ///< empty: find_bootstrap() looks for it
  std::string output;
};

/// The command line of pack. An int is the exit status where there is nothing more to do: help was printed,
/// or what is wrong was said on standard error.
std::variant<PackOptions, int> parse_pack_options(const Arguments& arguments);

/// See Verb::show_line.
void show_pack_line(const LineReader& read);

}  // namespace cli
