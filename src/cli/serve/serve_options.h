// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/line/context.h"
#include "cli/line/function_options.h"
#include "cli/line/verbs.h"
#include "event/http/http.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cli {

struct ServeOptions {
  FunctionOptions function;
  int port = 9000;
  std::string name;  ///< of the function; empty: every name is taken for it
  int environments = 1;
  std::optional<int> concurrency;  ///< calls at a time in one environment; not set: on demand, one
  std::optional<int> queue;        ///< not set: as longest_queue() says
  std::string record;              ///< a folder for cases of calls; empty: none are kept
  bool freeze = false;
  bool only_apis = false;
  int runtime_api_port = 9001;  ///< with only_apis
  std::optional<int> url_port;  ///< of the Function URL; not set: there is none
  event::HttpSource url_format = event::HttpSource::http_2_0;
  bool break_on_disconnect = false;
  std::vector<std::string> allowed_hosts;  ///< of the Function URL, beside loopback's; "*": every one

  /// How many calls an environment serves at a time.
  [[nodiscard]] int calls_each() const { return concurrency.value_or(1); }
  /// How many calls may wait. Managed instances throttle at once, as on Lambda.
  [[nodiscard]] int longest_queue() const { return queue.value_or(concurrency ? 0 : 1000); }
};

/// The command line of serve. An int is the exit status where there is nothing more to do: help was printed,
/// or what is wrong was said on standard error.
std::variant<ServeOptions, int> parse_serve_options(const Arguments& arguments);

/// See Verb::show_line.
void show_serve_line(const LineReader& read);

}  // namespace cli
