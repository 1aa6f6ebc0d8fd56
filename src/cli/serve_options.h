// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/context.h"
#include "cli/function_options.h"
#include "event/http.h"

#include <optional>
#include <string>
#include <variant>

namespace cli {

struct ServeOptions {
  FunctionOptions function;
  int port = 9000;
  std::string name;  ///< of the function; empty: every name is taken for it
  int environments = 1;
  int queue = 1000;
  bool freeze = false;
  bool only_apis = false;
  int runtime_api_port = 9001;  ///< with only_apis
  std::optional<int> url_port;  ///< of the Function URL; not set: there is none
  event::HttpSource url_format = event::HttpSource::http_2_0;
  bool break_on_disconnect = false;
};

/// The command line of serve. An int is the exit status where there is nothing more to do: help was printed,
/// or what is wrong was said on standard error.
std::variant<ServeOptions, int> parse_serve_options(const Arguments& arguments);

}  // namespace cli
