// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/line/context.h"
#include "cli/line/function_options.h"
#include "cli/line/verbs.h"

#include <string>
#include <variant>

namespace cli {

struct TestOptions {
  FunctionOptions function;
  std::string filter;  ///< of cases' names; empty: all
  std::string junit;   ///< a file; empty: none
  bool once = false;
  bool as_json = false;
  bool update = false;
};

/// The command line of test. An int is the exit status where there is nothing more to do: help was printed,
/// or what is wrong was said on standard error.
std::variant<TestOptions, int> parse_test_options(const Arguments& arguments);

/// See Verb::show_line.
void show_test_line(const LineReader& read);

}  // namespace cli
