// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/events/event_input.h"
#include "cli/line/context.h"
#include "cli/line/function_options.h"
#include "cli/line/verbs.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cli {

struct InvokeOptions {
  FunctionOptions function;
  std::vector<EventSource> events;  ///< in the order of the command line; never empty
  bool has_no_event = false;        ///< none was given: it is {}
  int repeat = 1;
  std::optional<int> parallel;  ///< events at a time, in an environment of a managed instance
  std::string client_context;   ///< JSON, one line
  std::string tenant;
  bool strict = false;
  bool like_lambda = false;
  bool is_remote = false;  ///< the handler is a deployed function: its folder, NAME or NAME:QUALIFIER
};

/// The command line of invoke. An int is the exit status where there is nothing more to do: help was printed,
/// or what is wrong was said on standard error.
std::variant<InvokeOptions, int> parse_invoke_options(const Arguments& arguments);

/// See Verb::show_line.
void show_invoke_line(const LineReader& read);

}  // namespace cli
